using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Health;

/// <summary>One sliding window as a ring of slots, the newest of which is filling. It moves on by one slot at a time.</summary>
/// <remarks>Slots are allocated when they first see a request, and used again. Not thread-safe.</remarks>
internal sealed class SlaRing(int slotCount, TimeSpan slotLength)
{
    private readonly Slot?[] slots = new Slot?[slotCount];

    public void Observe(in SlaObservation seen, long ticks)
    {
        long number = ticks / slotLength.Ticks;
        Slot slot = slots[number % slotCount] ??= new Slot();

        // Older than the window: a newer request has already used its slot again. One far ahead came from a broken clock and must not block it.
        bool isTooOld = slot.Number > number && slot.Number <= number + slotCount;
        if (!isTooOld)
        {
            slot.BeginIfNew(number);
            slot.Add(seen);
        }
    }

    public SlaSpan ViewAt(long ticks, long sinceTicks)
    {
        long newest = ticks / slotLength.Ticks;
        long oldest = newest - slotCount + 1;
        var sum = new Slot();
        foreach (Slot? slot in slots)
        {
            // The slot after the newest belongs to a clock that is a little ahead: its requests have happened.
            if (slot is not null && slot.Number >= oldest && slot.Number <= newest + 1)
            {
                sum.Merge(slot);
            }
        }

        long fromTicks = Math.Min(Math.Max(oldest * slotLength.Ticks, sinceTicks), ticks);
        return sum.ToSpan(fromTicks, ticks);
    }

    private sealed class Slot
    {
        private readonly long[] countByFailure = new long[(int)FailedBy.Client + 1];
        private readonly LatencySketch durations = new();
        private readonly LatencySketch firstBytes = new();

        /// <summary>Slots since the beginning of time; -1 before the first.</summary>
        public long Number { get; private set; } = -1;

        public void BeginIfNew(long number)
        {
            if (number != Number)
            {
                Number = number;
                Array.Clear(countByFailure);
                durations.Clear();
                firstBytes.Clear();
            }
        }

        public void Add(in SlaObservation seen)
        {
            countByFailure[(int)seen.FailedBy]++;
            if (seen.FailedBy == FailedBy.Nobody)
            {
                durations.Add(seen.DurationMicros);
            }

            if (seen.FirstByteMicros is { } firstByteMicros)
            {
                firstBytes.Add(firstByteMicros);
            }
        }

        public void Merge(Slot other)
        {
            for (int i = 0; i < countByFailure.Length; i++)
            {
                countByFailure[i] += other.countByFailure[i];
            }

            durations.Merge(other.durations);
            firstBytes.Merge(other.firstBytes);
        }

        public SlaSpan ToSpan(long fromTicks, long ticks)
        {
            long requests = countByFailure.Sum();
            long gateway = countByFailure[(int)FailedBy.Gateway];
            long provider = countByFailure[(int)FailedBy.Provider];
            long client = countByFailure[(int)FailedBy.Client];

            // Less than a second says nothing about a rate.
            double seconds = Math.Max(1, new TimeSpan(ticks - fromTicks).TotalSeconds);
            return new SlaSpan(
                new DateTimeOffset(fromTicks, TimeSpan.Zero),
                requests,
                gateway,
                provider,
                client,
                requests == 0 ? null : (double)(requests - gateway - provider) / requests,
                requests == 0 ? null : (double)(gateway + provider + client) / requests,
                requests / seconds,
                SlaPercentiles.Of(durations),
                SlaPercentiles.Of(firstBytes));
        }
    }
}
