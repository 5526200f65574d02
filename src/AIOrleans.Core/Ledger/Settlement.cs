using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Ledger;

/// <summary>Replaces a hold by the true usage of its attempts: one event for each attempt that was billed, at least one in all.</summary>
/// <param name="HoldId">The hold to end.</param>
/// <param name="Events">Ordered by attempt; all of one path and one settling instant.</param>
/// <param name="Windows">The calendar windows of <see cref="UsageEvent.SettledAt"/> in the tenant's zone.</param>
public sealed record Settlement(HoldId HoldId, IReadOnlyList<UsageEvent> Events, WindowStarts Windows)
{
    /// <summary>Bucket levels that earlier calls have lowered by more than they held; see <see cref="DurableHold.Buckets"/>. Saved also when nothing else is new.</summary>
    public IReadOnlyList<BucketLevels> Buckets { get; init; } = [];

    public IReadOnlyList<AccountId> Path => Events[0].Path;
}

/// <summary>What became of a settlement.</summary>
public enum SettleOutcome
{
    /// <summary>Written now.</summary>
    Settled,

    /// <summary>Had been written before (a retry, or an orphan keeper came first and the estimate was replaced): nothing is charged twice.</summary>
    AlreadySettled,
}
