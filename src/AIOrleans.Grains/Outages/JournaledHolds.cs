using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Grains.Outages;

/// <summary>What the outage journal has and the ledger has not: holds in flight, and settlements to be replayed.</summary>
/// <remarks>Thread-safe. Memory says what the file says: an entry changes only once its record is durable. Bounded by the journal.</remarks>
internal sealed class JournaledHolds(IOutageJournal journal)
{
    private readonly Lock gate = new();
    private readonly Dictionary<HoldId, Entry> entries = [];
    private int appendingCount;
    private volatile bool isEmpty = true;

    /// <summary>False when no further call would be journaled.</summary>
    public bool HasRoom => journal.HasRoom;

    /// <summary>True while something is to be replayed or to be waited for. What the ledger refuses for ever does not count.</summary>
    public bool HasWork
    {
        get
        {
            lock (gate)
            {
                return entries.Values.Any(entry => !entry.IsRefused);
            }
        }
    }

    public bool Contains(HoldId id)
    {
        if (isEmpty)
        {
            return false;
        }

        lock (gate)
        {
            return entries.ContainsKey(id);
        }
    }

    /// <summary>Reads what an earlier process left.</summary>
    /// <returns>How many calls it had settled, and those that it had not.</returns>
    public async Task<(int SettledCount, IReadOnlyList<DurableHold> Open)> OpenAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalRecord> records = await journal.OpenAsync(cancellationToken);
        lock (gate)
        {
            foreach (JournalRecord record in records)
            {
                Enter(record);
                entries[record.HoldId] = entries[record.HoldId] with { IsReleased = true };
            }

            return (entries.Values.Count(entry => entry.Events is not null), [.. entries.Values.Where(IsOpen).Select(entry => entry.Hold!)]); // ! IsOpen says so.
        }
    }

    /// <summary>Makes a hold durable on this machine; false when the journal cannot take it.</summary>
    public async Task<bool> TryHoldAsync(DurableHold hold) => await AppendAsync(new JournalRecord.Held(hold)) != Appended.Not;

    /// <summary>Makes a settlement durable on this machine. The first one of a hold is to be told to its accounts and then to be released.</summary>
    public Task<Appended> SettleAsync(HoldId id, IReadOnlyList<UsageEvent> events) => AppendAsync(new JournalRecord.Settled(id, events));

    /// <summary>Settles in memory what the file has as an open hold: whoever reads the file again will do the same.</summary>
    public void Estimate(HoldId id, UsageEvent estimate)
    {
        lock (gate)
        {
            Enter(new JournalRecord.Settled(id, [estimate]));
        }
    }

    /// <summary>The accounts count the settlement: from now on the ledger may get it.</summary>
    /// <remarks>Not before: told that the ledger has it, and then that it has not, an account would count it for ever.</remarks>
    public void Release(HoldId id)
    {
        lock (gate)
        {
            if (entries.TryGetValue(id, out Entry? entry))
            {
                entries[id] = entry with { IsReleased = true };
            }
        }
    }

    /// <summary>Prolongs the leases of those among <paramref name="ids"/> that are held here, and returns them.</summary>
    public IReadOnlyList<HoldId> Renew(IReadOnlyList<HoldId> ids, DateTimeOffset leaseUntil)
    {
        if (isEmpty)
        {
            return [];
        }

        List<HoldId> renewed = [];
        lock (gate)
        {
            foreach (HoldId id in ids)
            {
                if (entries.TryGetValue(id, out Entry? entry) && entry.Hold is { } hold && entry.Events is null)
                {
                    entries[id] = entry with { Hold = hold with { LeaseUntil = leaseUntil } };
                    renewed.Add(id);
                }
            }
        }

        return renewed;
    }

    /// <summary>Holds in flight whose lease ended before <paramref name="now"/>.</summary>
    public IReadOnlyList<DurableHold> Overdue(DateTimeOffset now)
    {
        lock (gate)
        {
            return [.. entries.Values.Where(IsOpen).Select(entry => entry.Hold!).Where(hold => hold.LeaseUntil < now)]; // ! IsOpen says so.
        }
    }

    /// <summary>At most <paramref name="countMax"/> settlements that the ledger should get next.</summary>
    public IReadOnlyList<(HoldId Id, IReadOnlyList<UsageEvent> Events)> Settled(int countMax)
    {
        lock (gate)
        {
            return [.. entries.Where(e => e.Value is { Events: not null, IsReleased: true, IsRefused: false }).Take(countMax).Select(e => (e.Key, e.Value.Events!))]; // ! Filtered.
        }
    }

    /// <summary>The ledger has the settlement that it was brought.</summary>
    public void Forget(HoldId id)
    {
        lock (gate)
        {
            entries.Remove(id);
            ClearIfEmpty();
        }
    }

    /// <summary>A hold of the journal was settled in the ledger itself. One that is being settled here too is brought all the same: its accounts wait for that.</summary>
    public void ForgetOpen(HoldId id)
    {
        if (isEmpty)
        {
            return;
        }

        lock (gate)
        {
            if (entries.TryGetValue(id, out Entry? entry) && entry.Events is null)
            {
                entries.Remove(id);
                ClearIfEmpty();
            }
        }
    }

    /// <summary>The ledger will never take it: it stays in the file, for somebody to look at.</summary>
    public void SetAside(HoldId id)
    {
        lock (gate)
        {
            if (entries.TryGetValue(id, out Entry? entry))
            {
                entries[id] = entry with { IsRefused = true };
            }
        }
    }

    private static bool IsOpen(Entry entry) => entry is { Hold: not null, Events: null };

    private async Task<Appended> AppendAsync(JournalRecord record)
    {
        lock (gate)
        {
            // Nobody may empty the file while a record is on its way into it.
            appendingCount++;
        }

        Appended appended = Appended.Not;
        bool isWritten = false;
        try
        {
            isWritten = await journal.TryAppendAsync(record, CancellationToken.None);
        }
        finally
        {
            lock (gate)
            {
                appendingCount--;
                appended = isWritten ? Enter(record) : Appended.Not;
                ClearIfEmpty();
            }
        }

        return appended;
    }

    private Appended Enter(JournalRecord record)
    {
        Entry entry = entries.GetValueOrDefault(record.HoldId) ?? new Entry(null, null);
        Appended appended = entry.Events is null ? Appended.First : Appended.Again;
        entries[record.HoldId] = record switch
        {
            JournalRecord.Held held => entry with { Hold = held.Hold },
            JournalRecord.Settled settled => entry with { Events = entry.Events ?? settled.Events },
            _ => entry,
        };
        isEmpty = false;
        return appended;
    }

    private void ClearIfEmpty()
    {
        if (entries.Count == 0 && appendingCount == 0)
        {
            journal.Clear();
            isEmpty = true;
        }
    }

    /// <summary>What became of a record.</summary>
    public enum Appended
    {
        /// <summary>The journal could not take it.</summary>
        Not,

        First,

        /// <summary>The call has been settled already.</summary>
        Again,
    }

    /// <param name="Hold">Null when the call was held in the ledger, before the outage.</param>
    /// <param name="Events">Null while the call is in flight.</param>
    private sealed record Entry(DurableHold? Hold, IReadOnlyList<UsageEvent>? Events)
    {
        public bool IsReleased { get; init; }

        public bool IsRefused { get; init; }
    }
}
