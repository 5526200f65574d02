using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Storage.Ledger;

/// <summary>The ledger's port: checks and shapes each call in the caller's thread, then shares transactions with everybody else's.</summary>
/// <remarks>
/// A call can be cancelled while it is queued; then nothing was written. Once its transaction is under way it runs to its end
/// (at most the store timeout), so that a caller never has to guess what a cancelled call did.
/// </remarks>
internal sealed class UsageLedger(ILedgerStore store, GroupCommit commit) : ILedger
{
    public Task<AccountSnapshot> LoadAsync(AccountId account, CancellationToken cancellationToken)
    {
        RowChecks.Path([account]);
        return WriteAsync(new LoadWork(account), cancellationToken);
    }

    public Task<HoldOutcome> HoldAsync(DurableHold hold, CancellationToken cancellationToken) =>
        WriteAsync(new HoldWork(HoldRow.Of(hold)), cancellationToken);

    public Task<ExtendOutcome> ExtendAsync(HoldExtension extension, CancellationToken cancellationToken)
    {
        RowChecks.That(extension.Grants.Count > 0, "An extension has no grants.");
        RowChecks.Path(extension.Grants.Select(grant => grant.Account));
        return WriteAsync(new ExtendWork(extension), cancellationToken);
    }

    public Task<SettleOutcome> SettleAsync(Settlement settlement, CancellationToken cancellationToken) =>
        WriteAsync(new SettleWork(SettlementRow.Of(settlement)), cancellationToken);

    public Task<IReadOnlyList<HoldId>> RenewAsync(
        IReadOnlyList<HoldId> holds, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        holds.Count == 0
            ? Task.FromResult<IReadOnlyList<HoldId>>([])
            : WriteAsync(new RenewWork(holds, leaseUntil), cancellationToken);

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        store.ReadExpiredAsync(now, countMax, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        store.ReadReplacedAsync(reach, countMax, cancellationToken);

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        store.ReadEventsAsync(afterSequence, countMax, cancellationToken);

    private Task<T> WriteAsync<T>(LedgerWork<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            return WriteCancellableAsync(work, cancellationToken);
        }

        try
        {
            commit.Add(work);
            return work.Task;
        }
        catch (StoreUnavailableException exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    private async Task<T> WriteCancellableAsync<T>(LedgerWork<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        commit.Add(work);

        // ! The state is the work given below.
        using (cancellationToken.UnsafeRegister(static (state, token) => ((LedgerWork)state!).Withdraw(token), work))
        {
            return await work.Task.ConfigureAwait(false);
        }
    }
}
