using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Routing;

internal static partial class RoutingLog
{
    [LoggerMessage(3201, LogLevel.Warning, "The breaker of {Deployment} could not be told how an attempt ended")]
    public static partial void ReportFailed(ILogger logger, string deployment, Exception exception);
}
