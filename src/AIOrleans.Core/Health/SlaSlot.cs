using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Health;

/// <summary>Outcomes and latencies of requests that ended in one stretch of time.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SlaSlot
{
    private readonly long[] countByFailure = new long[(int)FailedBy.Client + 1];
    private readonly LatencySketch durations = new();
    private readonly LatencySketch firstBytes = new();

    /// <summary>Slots since the beginning of time; -1 before the first.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>True when requests of <paramref name="number"/> come too late for this slot. One far ahead came from a broken clock and must not block it.</summary>
    /// <param name="slotCount">Slots of a window: what is further ahead than these is no newer request.</param>
    public bool IsBefore(long number, int slotCount) => Number > number && Number <= number + slotCount;

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

    public void Merge(SlaSlot other)
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
