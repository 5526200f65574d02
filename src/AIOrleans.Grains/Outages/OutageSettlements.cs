using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Requests;

namespace AIOrleans.Grains.Outages;

/// <summary>Settles into the journal what cannot be settled in the ledger; the accounts count it at once.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OutageSettlements(StoreOutage outage, JournaledHolds journal, IDirectory directory, AccountNotices notices)
{
    /// <summary>Settles here if the hold is in the journal, or the ledger is known to be away and the path allows journaling.</summary>
    /// <returns>False when the ledger is to be asked.</returns>
    public ValueTask<bool> TrySettleAsync(Settlement settlement) =>
        journal.Contains(settlement.HoldId) || (outage.IsAway && directory.Current.MayJournal(settlement.Path))
            ? new ValueTask<bool>(SettleAsync(settlement))
            : new ValueTask<bool>(false);

    /// <summary>Settles here what the ledger could not take, if the path allows journaling.</summary>
    /// <returns>False when it must wait for the ledger.</returns>
    public async ValueTask<bool> TryTakeOverAsync(Settlement settlement, StoreUnavailableException exception)
    {
        if (!directory.Current.MayJournal(settlement.Path))
        {
            return false;
        }

        outage.Begin(exception.Message);
        return await SettleAsync(settlement);
    }

    /// <summary>The ledger has settled it after all.</summary>
    public void Forget(HoldId id) => journal.ForgetOpen(id);

    private async Task<bool> SettleAsync(Settlement settlement)
    {
        Settlement marked = settlement with { Events = [.. settlement.Events.Select(attempt => attempt with { Journaled = true })] };
        JournaledHolds.Appended appended = await journal.SettleAsync(marked.HoldId, marked.Events);
        if (appended == JournaledHolds.Appended.First)
        {
            await notices.TellAsync(marked, isReplay: false, SettlementPlace.Journal);
            journal.Release(marked.HoldId);
            outage.Wake();
        }

        return appended != JournaledHolds.Appended.Not;
    }
}
