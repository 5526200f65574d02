using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Flow;

internal static partial class FlowLog
{
    [LoggerMessage(3001, LogLevel.Debug, "Denied request {RequestId}: {Code}")]
    public static partial void Denied(ILogger logger, string requestId, string code);

    [LoggerMessage(3002, LogLevel.Error, "Request {RequestId} failed inside the gateway")]
    public static partial void Failed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(3003, LogLevel.Information, "Attempt {Attempt} of request {RequestId} at {Provider}/{Model} failed: {Reason}")]
    public static partial void AttemptFailed(ILogger logger, int attempt, string requestId, string provider, string model, string reason);

    [LoggerMessage(3021, LogLevel.Warning, "Request {RequestId} is not tried elsewhere, because there is no room to hold another attempt beside those that may be billed: {Reason}")]
    public static partial void NotFailedOver(ILogger logger, string requestId, string? reason);

    [LoggerMessage(3022, LogLevel.Information, "The stream of request {RequestId} was cut off: {Limit} of {Account} has no room for more")]
    public static partial void CutOff(ILogger logger, string requestId, string account, string limit);

    [LoggerMessage(3004, LogLevel.Warning, "The stream of request {RequestId} from {Provider}/{Model} broke: {Reason}")]
    public static partial void StreamBroke(ILogger logger, string requestId, string provider, string model, string reason);

    [LoggerMessage(3023, LogLevel.Information, "Provider {Provider} did not count the tokens of request {RequestId}, so that they are estimated: {Reason}")]
    public static partial void NotCounted(ILogger logger, string requestId, string provider, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "Calls are refused because the ledger cannot be reached: {Reason} They are counted and not logged until it is back")]
    public static partial void StoreRefuses(ILogger logger, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "Calls are let through again: {Count} were refused within {Seconds} s because the ledger could not be reached")]
    public static partial void StoreRefused(ILogger logger, long count, long seconds);
}
