using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>A hold in flight, as the account that granted it keeps it.</summary>
/// <param name="TokensTaken">Taken from the token bucket; 0 when there was none.</param>
/// <param name="RequestsTaken">Taken from the request bucket: 1 for each request, or 0 when there was none.</param>
/// <param name="Slots">Calls that may be in flight by it: 1, or several for a slice.</param>
internal readonly record struct HeldEntry(
    TallyEntry Worst, TallyEntry Expected, long TokensTaken, int RequestsTaken, long LeaseUntilTicks, int Slots = 1);

/// <summary>The holds in flight of one account and their sums. Each holds one request and one slot, a slice several of both.</summary>
/// <remarks>Invariant: <c>Worst</c> and <c>Expected</c> are the sums over all entries, <c>Slots</c> likewise. Not thread-safe.</remarks>
internal sealed class OpenHolds
{
    private readonly Dictionary<HoldId, HeldEntry> entries = [];

    // Never later than the earliest lease in entries; renewals leave it behind and the next look catches up.
    private long earliestLeaseTicks = long.MaxValue;

    public int Count => entries.Count;

    /// <summary>Calls in flight, and those that slices may begin.</summary>
    public int Slots { get; private set; }

    /// <summary>What strict quotas count as held.</summary>
    public Tally Worst { get; } = new();

    /// <summary>What expected quotas count as held.</summary>
    public Tally Expected { get; } = new();

    /// <summary>What all of them have taken from the buckets.</summary>
    public (long Requests, long Tokens) Taken()
    {
        (long requests, long tokens) = (0, 0);
        foreach (HeldEntry entry in entries.Values)
        {
            requests += entry.RequestsTaken;
            tokens += entry.TokensTaken;
        }

        return (requests, tokens);
    }

    public bool Contains(HoldId id) => entries.ContainsKey(id);

    public bool TryGet(HoldId id, out HeldEntry entry) => entries.TryGetValue(id, out entry);

    /// <summary>Puts <paramref name="entry"/> in the place of one that is there; its lease stays.</summary>
    public void Replace(HoldId id, in HeldEntry entry)
    {
        HeldEntry old = entries[id];
        Worst.Remove(old.Worst);
        Expected.Remove(old.Expected);
        entries[id] = entry with { LeaseUntilTicks = old.LeaseUntilTicks };
        Worst.Add(entry.Worst);
        Expected.Add(entry.Expected);
    }

    public void Add(HoldId id, in HeldEntry entry)
    {
        entries.Add(id, entry);
        Slots += entry.Slots;
        Worst.Add(entry.Worst);
        Expected.Add(entry.Expected);
        earliestLeaseTicks = Math.Min(earliestLeaseTicks, entry.LeaseUntilTicks);
    }

    public bool TryRemove(HoldId id, out HeldEntry entry)
    {
        if (!entries.Remove(id, out entry))
        {
            return false;
        }

        Slots -= entry.Slots;
        Worst.Remove(entry.Worst);
        Expected.Remove(entry.Expected);
        return true;
    }

    /// <summary>Prolongs a lease; never shortens it, because renewals may arrive out of order.</summary>
    public bool TryRenew(HoldId id, long leaseUntilTicks)
    {
        ref HeldEntry entry = ref CollectionsMarshal.GetValueRefOrNullRef(entries, id);
        if (Unsafe.IsNullRef(ref entry))
        {
            return false;
        }

        entry = entry with { LeaseUntilTicks = Math.Max(entry.LeaseUntilTicks, leaseUntilTicks) };
        return true;
    }

    /// <summary>True when some lease ended before <paramref name="nowTicks"/>. Looks at all holds only when that may be.</summary>
    public bool HasExpired(long nowTicks)
    {
        if (earliestLeaseTicks >= nowTicks)
        {
            return false;
        }

        earliestLeaseTicks = EarliestLeaseTicks();
        return earliestLeaseTicks < nowTicks;
    }

    /// <summary>When the first lease ends; <see cref="long.MaxValue"/> without holds.</summary>
    public long EarliestLeaseTicks()
    {
        long earliest = long.MaxValue;
        foreach (HeldEntry entry in entries.Values)
        {
            earliest = Math.Min(earliest, entry.LeaseUntilTicks);
        }

        return earliest;
    }
}
