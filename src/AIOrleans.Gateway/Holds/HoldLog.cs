using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Holds;

internal static partial class HoldLog
{
    [LoggerMessage(3101, LogLevel.Warning, "Leases cannot be renewed; it is tried each second: {Reason}")]
    public static partial void RenewalFailed(ILogger logger, string reason);

    [LoggerMessage(3102, LogLevel.Error, "Settlement of {HoldId} failed; its hold will be settled as estimated when its lease ends")]
    public static partial void SettleFailed(ILogger logger, string holdId, Exception exception);

    [LoggerMessage(3103, LogLevel.Warning, "{Count} settlements were still running when the gateway had to stop")]
    public static partial void SettlementsRunning(ILogger logger, int count);

    [LoggerMessage(3104, LogLevel.Warning, "{Account} was not told that {HoldId} waits no longer; its place in line ends by itself")]
    public static partial void NotLeft(ILogger logger, string holdId, string account, Exception exception);

    [LoggerMessage(3105, LogLevel.Warning, "The stream of request {RequestId} goes on beyond what it holds, because nobody could say whether there is room: {Reason}")]
    public static partial void StreamNotExtended(ILogger logger, string requestId, string reason);
}
