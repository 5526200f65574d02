using Orleans.Compat.Streams;
using Orleans.Compat.Timers;

namespace Orleans.Compat.Activations;

/// <summary>What only some activations need. Collections are guarded by themselves.</summary>
internal sealed class ActivationExtras
{
    /// <summary>Completes when the activation is gone; continuations run elsewhere.</summary>
    internal TaskCompletionSource Deactivated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal HashSet<GrainTimer> Timers { get; } = [];

    /// <summary>By subscription. A delivery for a subscription that is not here asks the grain whether it wants it.</summary>
    internal Dictionary<Guid, IStreamSink> StreamSinks { get; } = [];

    /// <summary>Timestamp before which idleness does not count; <see cref="long.MaxValue"/> for ever.</summary>
    internal long KeptUntil { get; set; } = long.MinValue;
}
