using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Compat.Hosting;

/// <summary>What the engine logs. Identities and error types; arguments never.</summary>
internal sealed partial class SiloLog
{
    private readonly ILogger logger;

    internal SiloLog(ILogger logger) => this.logger = logger;

    [LoggerMessage(1001, LogLevel.Warning, "Activation of {GrainId} failed")]
    internal partial void ActivationFailed(GrainId grainId, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "Deactivation of {GrainId} failed; it is gone all the same")]
    internal partial void DeactivationFailed(GrainId grainId, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "Code of {GrainId} threw where nobody awaits it")]
    internal partial void UnobservedException(GrainId grainId, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "A timer of {GrainId} failed; it goes on")]
    internal partial void TimerFailed(GrainId grainId, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "One-way call {Method} to {GrainId} failed")]
    internal partial void OneWayFailed(GrainId grainId, string method, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "Stream {StreamId}: delivery to {Consumer} failed on attempt {Attempt}")]
    internal partial void DeliveryFailed(string streamId, string consumer, int attempt, Exception exception);

    [LoggerMessage(1007, LogLevel.Warning, "Stream {StreamId}: {Consumer} is subscribed and did not take the event; it is dropped")]
    internal partial void EventDropped(string streamId, string consumer);

    [LoggerMessage(1008, LogLevel.Warning, "Reminder {Name} of {GrainId} failed; it comes again at its next time")]
    internal partial void ReminderFailed(string name, string grainId, Exception exception);

    [LoggerMessage(1009, LogLevel.Warning, "The silo stopped with {Count} activations still ending")]
    internal partial void StoppedHard(int count);

    [LoggerMessage(1010, LogLevel.Debug, "Silo {Name} knows {Count} grain classes")]
    internal partial void Started(string name, int count);
}
