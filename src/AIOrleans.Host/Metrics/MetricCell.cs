namespace AIOrleans.Host.Metrics;

/// <summary>The value of one series: a number, or a histogram's counts. Thread-safe, without locks.</summary>
internal sealed class MetricCell
{
    private readonly double[] bounds;
    private readonly long[] counts;
    private long whole;
    private double broken;

    /// <param name="bounds">Empty for a number.</param>
    public MetricCell(double[] bounds)
    {
        this.bounds = bounds;
        counts = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    }

    /// <summary>The scrape that a value was told for; see <see cref="MetricFamily.IsObserved"/>.</summary>
    public long ToldAt { get; private set; }

    /// <summary>The number, or the sum of what a histogram saw.</summary>
    public double Value => Volatile.Read(ref whole) + Volatile.Read(ref broken);

    /// <summary>How many values each bucket of a histogram has by itself; the last is above all bounds.</summary>
    public long[] ReadCounts()
    {
        var read = new long[counts.Length];
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = Volatile.Read(ref counts[i]);
        }

        return read;
    }

    public void Add(long value) => Interlocked.Add(ref whole, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref broken);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref broken, seen + value, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }

    public void Set(double value, long scrape)
    {
        Volatile.Write(ref broken, value);
        ToldAt = scrape;
    }

    /// <summary>Counts <paramref name="value"/> in the first bucket whose bound is not below it.</summary>
    public void Observe(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Add(value);
    }
}
