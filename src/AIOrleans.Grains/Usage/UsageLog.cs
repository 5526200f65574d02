using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Usage;

internal static partial class UsageLog
{
    [LoggerMessage(4201, LogLevel.Warning, "Usage of {HoldId} and of {Count} more was not published; readers catch up from the ledger")]
    public static partial void NotPublished(ILogger logger, string holdId, int count, Exception exception);

    [LoggerMessage(4202, LogLevel.Warning, "{Count} usage events were not published, because the stream is slower than the settlements; readers catch up from the ledger")]
    public static partial void Dropped(ILogger logger, long count);
}
