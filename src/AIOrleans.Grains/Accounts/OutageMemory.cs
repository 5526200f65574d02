using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <summary>What only the outage journal has of one account: a load of the ledger, which cannot find it, takes it along.</summary>
/// <remarks>Owned by the account's grain, which is its lock.</remarks>
internal sealed class OutageMemory
{
    private static readonly StoredPeriod[] Periods = Enum.GetValues<StoredPeriod>();

    private readonly Dictionary<HoldId, OpenHold> holds = [];
    private readonly Dictionary<HoldId, SettledHold> settled = [];

    /// <summary>The buckets have changed since the ledger heard of them last.</summary>
    private bool hasNewerLevels;

    public bool IsEmpty => holds.Count == 0 && settled.Count == 0;

    public JournaledView? ViewOf(AccountBook book) =>
        IsEmpty ? null : new JournaledView { Holds = holds.Count, Settlements = settled.Count, IsProvisional = book.Epoch == 0 };

    public void Add(in HoldAsk ask)
    {
        holds[ask.Id] = new OpenHold(ask.Id, ask.Operation, ask.Worst, ask.Expected, ask.LeaseUntil);
        hasNewerLevels = true;
    }

    public void Remove(HoldId id) => holds.Remove(id);

    public void Renew(HoldId id, DateTimeOffset leaseUntil)
    {
        if (holds.TryGetValue(id, out OpenHold hold) && hold.LeaseUntil < leaseUntil)
        {
            holds[id] = hold with { LeaseUntil = leaseUntil };
        }
    }

    /// <summary>Takes note of a settlement.</summary>
    /// <param name="book">Charged when it knows nothing of the hold and the ledger neither; null without a book.</param>
    /// <param name="isCounted">The book had the hold and has settled it.</param>
    /// <returns>True when the ledger knows more than the book: it must be loaded anew.</returns>
    public bool Note(SettledHold notice, AccountBook? book, bool isCounted, DateTimeOffset now)
    {
        bool wasHeld = holds.Remove(notice.Id);
        if (notice.Place == SettlementPlace.Journal)
        {
            hasNewerLevels = true;
            if (settled.TryAdd(notice.Id, notice) && !isCounted)
            {
                book?.Charge(notice.Usage, notice.SettledAt, now);
            }

            return false;
        }

        // A load between the journal and the ledger may have counted it in either, and may not have.
        return settled.Remove(notice.Id) || wasHeld || notice.Place == SettlementPlace.Replayed;
    }

    /// <summary>Adds what only the journal has to what the ledger knows.</summary>
    /// <param name="old">What memory had so far; null at first.</param>
    /// <param name="timeZone">Whose calendar the account follows.</param>
    public AccountSnapshot CarryInto(AccountSnapshot snapshot, AccountBook? old, string timeZone, DateTimeOffset now)
    {
        if (hasNewerLevels && old is not null)
        {
            snapshot = snapshot with { Buckets = old.Levels(now) };
        }

        hasNewerLevels &= !IsEmpty;
        if (IsEmpty)
        {
            return snapshot;
        }

        // Those in the ledger too end there; those past their lease are being settled.
        foreach (HoldId id in holds.Values.Where(hold => hold.LeaseUntil < now).Select(hold => hold.Id).Concat(snapshot.Holds.Select(hold => hold.Id)).ToList())
        {
            holds.Remove(id);
        }

        TimeZoneInfo zone = TimeZones.Find(timeZone);
        return snapshot with
        {
            Holds = [.. snapshot.Holds.Where(hold => !settled.ContainsKey(hold.Id)), .. holds.Values],
            Windows = [.. snapshot.Windows, .. settled.Values.SelectMany(notice => WindowsOf(notice, zone))],
        };
    }

    private static IEnumerable<WindowTotals> WindowsOf(SettledHold notice, TimeZoneInfo zone)
    {
        WindowStarts starts = WindowStarts.At(notice.SettledAt, zone);
        SettledUsage usage = notice.Usage;
        return Periods.Select(period => new WindowTotals(period, starts[period], usage.Operation, usage.Requests, usage.Used.Tokens, usage.Used.Cost));
    }
}
