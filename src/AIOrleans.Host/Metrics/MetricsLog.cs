using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Metrics;

internal static partial class MetricsLog
{
    [LoggerMessage(2030, LogLevel.Warning, "Some metrics could not be observed")]
    public static partial void NotObserved(ILogger logger, Exception exception);
}
