using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Ledger;

/// <summary>An open hold that is to be larger, on every account of its path.</summary>
public sealed record HoldExtension
{
    public required HoldId Id { get; init; }

    /// <summary>Tenant first. Never empty.</summary>
    public required IReadOnlyList<AccountGrant> Grants { get; init; }

    /// <summary>What is to be held in all; a hold that is larger in some number stays so.</summary>
    public required HoldSizes Total { get; init; }

    /// <summary>See <see cref="DurableHold.Buckets"/>.</summary>
    public IReadOnlyList<BucketLevels> Buckets { get; init; } = [];
}

/// <summary>What became of an extension that was brought to the ledger.</summary>
public enum ExtendOutcome
{
    /// <summary>Durable: an orphan of the hold is charged the larger amount.</summary>
    Recorded,

    /// <summary>An account has been activated anew since it granted: nothing was written, ask it again.</summary>
    Fenced,

    /// <summary>The hold has ended, or was never written: nothing was.</summary>
    NotOpen,
}
