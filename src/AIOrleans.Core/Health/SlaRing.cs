using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Health;

/// <summary>One sliding window as a ring of slots, the newest of which is filling. It moves on by one slot at a time.</summary>
/// <remarks>Slots are allocated when they first see a request, and used again. Not thread-safe.</remarks>
internal sealed class SlaRing(int slotCount, TimeSpan slotLength)
{
    private readonly SlaSlot?[] slots = new SlaSlot?[slotCount];

    /// <summary>Counts one request of the instant <paramref name="ticks"/>.</summary>
    public void Observe(in SlaObservation seen, long ticks) => SlotAt(ticks)?.Add(seen);

    /// <summary>Counts all requests of a time within one slot, which began at <paramref name="ticks"/>.</summary>
    public void Merge(SlaSlot minute, long ticks) => SlotAt(ticks)?.Merge(minute);

    /// <param name="open">Requests of the instant <paramref name="openTicks"/> that are in no slot yet.</param>
    public SlaSpan ViewAt(long ticks, long sinceTicks, SlaSlot open, long openTicks)
    {
        // The slot after the newest belongs to a clock that is a little ahead: its requests have happened.
        long newest = ticks / slotLength.Ticks;
        long oldest = newest - slotCount + 1;
        var sum = new SlaSlot();
        foreach (SlaSlot? slot in slots)
        {
            if (slot is not null && slot.Number >= oldest && slot.Number <= newest + 1)
            {
                sum.Merge(slot);
            }
        }

        if (openTicks / slotLength.Ticks is var number && number >= oldest && number <= newest + 1)
        {
            sum.Merge(open);
        }

        long fromTicks = Math.Min(Math.Max(oldest * slotLength.Ticks, sinceTicks), ticks);
        return sum.ToSpan(fromTicks, ticks);
    }

    /// <summary>The slot of an instant; null when it is older than the window, because a newer request has already used its slot again.</summary>
    private SlaSlot? SlotAt(long ticks)
    {
        long number = ticks / slotLength.Ticks;
        SlaSlot slot = slots[number % slotCount] ??= new SlaSlot();
        if (slot.IsBefore(number, slotCount))
        {
            return null;
        }

        slot.BeginIfNew(number);
        return slot;
    }
}
