using Microsoft.Extensions.Logging;

namespace AIOrleans.Gateway.Objects;

internal static partial class BatchLog
{
    [LoggerMessage(3401, LogLevel.Warning, "Batch {Batch} at {Provider} is over and not accounted for yet, its worst case stays charged: {Reason}")]
    public static partial void NotSettled(ILogger logger, string batch, string provider, string reason);

    [LoggerMessage(3402, LogLevel.Warning, "{Provider} may run a batch for request {RequestId} that nobody can name: its worst case stays charged")]
    public static partial void Unknown(ILogger logger, string requestId, string provider);

    [LoggerMessage(3403, LogLevel.Information, "Batch {Batch} at {Provider} is accounted for: {Calls} calls cost {Cost} USD instead of the worst case")]
    public static partial void Settled(ILogger logger, string batch, string provider, int calls, string cost);

    [LoggerMessage(3404, LogLevel.Warning, "Batches that run could not be looked at: {Reason}")]
    public static partial void NotPolled(ILogger logger, string reason);

    [LoggerMessage(3405, LogLevel.Error, "Batch {Batch} at {Provider} could not be looked at; it is tried again")]
    public static partial void LookFailed(ILogger logger, string batch, string provider, Exception exception);
}
