using AIOrleans.Core.Ledger;

namespace AIOrleans.Grains.Idempotency;

/// <summary>A request that leads for a key, as far as one activation knows.</summary>
internal sealed class Leader(HoldId requestId, string fingerprint)
{
    public HoldId RequestId => requestId;

    public string Fingerprint => fingerprint;

    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Completes when it leads no more.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
