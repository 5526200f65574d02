using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;
using Orleans.Concurrency;

namespace AIOrleans.Contracts.Accounts;

/// <summary>The owner of one account's live numbers. Key: the account id, e.g. <c>user:acme.eng.dev</c>.</summary>
[Alias("aiorleans.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Holds on this account alone, or refuses with nothing changed.</summary>
    [Alias("hold")]
    Task<AccountAnswer> HoldAsync(HoldAsk ask);

    /// <summary>Waits until a call that was refused with a place in line should ask again, no longer than <paramref name="patience"/>.</summary>
    /// <returns>False when its turn has not come: it keeps its place by asking for it again within <see cref="WaitingLine.HeardWithin"/>.</returns>
    [Alias("await-turn")]
    [AlwaysInterleave] // Safe: it only looks, between turns at numbers that no turn leaves half changed, and a turn is what it waits for.
    Task<bool> AwaitTurnAsync(HoldId id, TimeSpan patience);

    /// <summary>Gives up a place in line.</summary>
    [Alias("leave-line")]
    Task LeaveLineAsync(HoldId id);

    /// <summary>Likewise while the ledger is away: from memory alone, and without any memory from nothing.</summary>
    [Alias("hold-in-outage")]
    Task<AccountAnswer> HoldInOutageAsync(HoldAsk ask);

    /// <summary>Raises a hold on this account alone, or refuses with nothing changed.</summary>
    [Alias("extend")]
    Task<ExtendAnswer> ExtendAsync(ExtendAsk ask);

    /// <summary>Takes back an extension that never became durable, if the hold still has the size that it gave.</summary>
    [Alias("shrink")]
    Task ShrinkAsync(ShrinkAsk ask);

    /// <summary>Takes back a hold that never became durable: every counter is what it was.</summary>
    [Alias("undo")]
    Task UndoAsync(HoldId id);

    /// <summary>Replaces a hold by its true usage, which is in the ledger already.</summary>
    /// <returns>The bucket levels when the call used more than it held, so that the ledger can hear of them; otherwise null.</returns>
    [Alias("settle")]
    Task<BucketLevels?> SettleAsync(SettledHold settled);

    /// <summary>Prolongs the lease of a hold, which is prolonged in the ledger already.</summary>
    [Alias("renew")]
    Task RenewAsync(HoldId id, DateTimeOffset leaseUntil);

    /// <summary>Reads the ledger anew before the next decision, beginning a new epoch, if this activation is still of <paramref name="staleEpoch"/>.</summary>
    [Alias("reload")]
    Task ReloadAsync(long staleEpoch);

    /// <summary>Takes a slice back: what was admitted from it counts as if it had been asked for here, the rest is free again. Told twice, it counts once.</summary>
    /// <returns>As of <see cref="SettleAsync"/>.</returns>
    [Alias("retire")]
    [AlwaysInterleave] // Safe: it waits for a load that is under way, and then changes the numbers in one turn; an ask that waits for it decides anew.
    Task<BucketLevels?> RetireAsync(RetireAsk ask);

    /// <summary>Waits until slices that were granted at <paramref name="recalls"/> are wanted back, no longer than <paramref name="patience"/>.</summary>
    /// <returns>False when they are not.</returns>
    [Alias("await-recall")]
    [AlwaysInterleave] // Safe: it only looks.
    Task<bool> AwaitRecallAsync(long epoch, long recalls, TimeSpan patience);

    /// <summary>All live numbers, from memory.</summary>
    [Alias("view")]
    Task<AccountView> ViewAsync();
}
