using AIOrleans.Core.Ledger;

namespace AIOrleans.Grains.Idempotency;

/// <summary>A request that leads for a key, as far as one activation knows.</summary>
internal sealed class Leader(HoldId requestId, string fingerprint, bool isSure)
{
    public HoldId RequestId => requestId;

    public string Fingerprint => fingerprint;

    /// <summary>True when this activation admitted it, and will hear of its end; false when it only read of it in the store, which it then asks each time.</summary>
    public bool IsSure => isSure;

    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Completes when it leads no more.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
