using System.Numerics;

namespace AIOrleans.Benchmarks.Load;

/// <summary>Counts durations in buckets of 1/64 of their power of two: each percentile is right to 1.6 %, from a nanosecond to an hour, in constant memory.</summary>
/// <remarks>Not thread-safe: each connection has its own, added up at the end.</remarks>
public sealed class LatencyHistogram
{
    private const int BitsKept = 6;
    private const int PerPower = 1 << BitsKept;

    /// <summary>An hour in nanoseconds is below 2^42; what is longer counts there.</summary>
    private const int PowersMax = 42;

    private readonly long[] counts = new long[(PowersMax - BitsKept + 2) * PerPower];

    public long Count { get; private set; }

    public void Add(TimeSpan duration) => AddNanoseconds((long)duration.TotalNanoseconds);

    /// <summary>Counts one duration; below zero counts as zero: clocks of two processors can differ by a little.</summary>
    public void AddNanoseconds(long nanoseconds)
    {
        counts[IndexOf(nanoseconds)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The duration, in microseconds, that <paramref name="share"/> of all do not exceed; 0 of none.</summary>
    /// <param name="share">0.5 for the median, 0.999 for p99.9.</param>
    public double MicrosAt(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < counts.Length && Count > 0; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return MiddleOf(i) / 1000;
            }
        }

        return 0;
    }

    /// <summary>Index and count of every bucket that has any.</summary>
    public long[][] ToSparse() => [.. counts.Index().Where(bucket => bucket.Item > 0).Select(bucket => new[] { bucket.Index, bucket.Item })];

    public static LatencyHistogram FromSparse(long[][] buckets)
    {
        var made = new LatencyHistogram();
        foreach (long[] bucket in buckets)
        {
            made.counts[bucket[0]] += bucket[1];
            made.Count += bucket[1];
        }

        return made;
    }

    private static int IndexOf(long nanoseconds)
    {
        ulong value = (ulong)Math.Clamp(nanoseconds, 0, (1L << PowersMax) - 1);
        int power = value < PerPower ? 0 : BitOperations.Log2(value) - BitsKept + 1;
        return (power * PerPower) + (int)(power == 0 ? value : (value >> (power - 1)) - PerPower);
    }

    private static double MiddleOf(int index)
    {
        (int power, int rest) = Math.DivRem(index, PerPower);
        return power == 0 ? rest : (PerPower + rest + 0.5) * Math.Pow(2, power - 1);
    }
}
