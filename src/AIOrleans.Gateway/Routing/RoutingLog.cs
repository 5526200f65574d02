using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Routing;

internal static partial class RoutingLog
{
    [LoggerMessage(3201, LogLevel.Warning, "The breaker of {Deployment} could not be told how an attempt ended")]
    public static partial void ReportFailed(ILogger logger, string deployment, Exception exception);

    [LoggerMessage(3202, LogLevel.Warning, "The breaker of {Deployment} did not say whether to try it again, so it is tried: {Reason}")]
    public static partial void ProbeUnanswered(ILogger logger, string deployment, string reason);
}
