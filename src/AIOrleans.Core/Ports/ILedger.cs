using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Ports;

/// <summary>The usage ledger: the durable truth of holds, usage and calendar windows.</summary>
/// <remarks>
/// Thread-safe. Concurrent calls share transactions (group commit); a returned task means durable.
/// Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached within its bounded wait.
/// </remarks>
public interface ILedger
{
    /// <summary>Begins a new epoch of <paramref name="account"/> and reads its numbers in the same transaction.</summary>
    Task<AccountSnapshot> LoadAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Makes a hold durable if every grant is of the current epoch of its account; all or nothing.</summary>
    Task<HoldOutcome> HoldAsync(DurableHold hold, CancellationToken cancellationToken);

    /// <summary>Makes a larger size of an open hold durable if every grant is of the current epoch of its account; all or nothing. Idempotent.</summary>
    Task<ExtendOutcome> ExtendAsync(HoldExtension extension, CancellationToken cancellationToken);

    /// <summary>Ends a hold (which <c>fast</c> durability never wrote) and records its usage, exactly once by (hold, attempt).</summary>
    Task<SettleOutcome> SettleAsync(Settlement settlement, CancellationToken cancellationToken);

    /// <summary>Prolongs the leases of <paramref name="holds"/> that are still open.</summary>
    /// <returns>Those that are open.</returns>
    Task<IReadOnlyList<HoldId>> RenewAsync(IReadOnlyList<HoldId> holds, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Open holds whose lease ended before <paramref name="now"/>, oldest first, at most <paramref name="countMax"/>.</summary>
    Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken);

    /// <summary>True usage that has replaced an orphan keeper's estimate within the last <paramref name="reach"/>, at most <paramref name="countMax"/> events.</summary>
    Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken);

    /// <summary>Events after <paramref name="afterSequence"/> in order, none skipped even under concurrent writers, at most <paramref name="countMax"/>.</summary>
    Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken);
}
