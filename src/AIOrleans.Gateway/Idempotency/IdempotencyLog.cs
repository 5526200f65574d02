using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Idempotency;

internal static partial class IdempotencyLog
{
    [LoggerMessage(3301, LogLevel.Warning, "The Idempotency-Key of request {RequestId} could not be kept for it now: {Reason}")]
    public static partial void NotRenewed(ILogger logger, string requestId, string reason);

    [LoggerMessage(3302, LogLevel.Warning, "The answer of request {RequestId} cannot be kept now, it is tried again: {Reason}")]
    public static partial void KeepWaits(ILogger logger, string requestId, string reason);

    [LoggerMessage(3303, LogLevel.Error, "The answer of request {RequestId} was not kept: its Idempotency-Key may lead to another call")]
    public static partial void NotKept(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(3304, LogLevel.Warning, "Request {RequestId} was called again under its Idempotency-Key before it ended: this process had been away for longer than its lease")]
    public static partial void LostLead(ILogger logger, string requestId);

    [LoggerMessage(3305, LogLevel.Information, "Those who wait elsewhere for request {RequestId} could not be told that it ended; they ask again: {Reason}")]
    public static partial void NotTold(ILogger logger, string requestId, string reason);
}
