using System.Collections.Concurrent;

namespace AIOrleans.Host.Metrics;

/// <summary>What Prometheus calls the type of a metric.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric: what it is, and the value of each of its label sets. Thread-safe.</summary>
/// <param name="name">As <see cref="MetricName.Of"/> has it.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets, ascending; empty otherwise.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string unit, string help, double[] bounds, int seriesMax)
{
    /// <summary>A power of two. Chains stay short up to some thousand series.</summary>
    private const int BucketCount = 512;

    private readonly Entry?[] buckets = new Entry?[BucketCount];
    private readonly ConcurrentDictionary<string, MetricCell> cells = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private int entryCount;

    public string Name { get; } = name;

    public MetricKind Kind { get; } = kind;

    /// <summary>As a word; empty when it has none.</summary>
    public string Unit { get; } = unit;

    public string Help { get; } = help;

    public double[] Bounds { get; } = bounds;

    /// <summary>True when its values are asked for at each scrape: those that were not told then are gone.</summary>
    public bool IsObserved { get; init; }

    /// <summary>The value of a label set; null when there are too many of them already. Allocates only for a new one. Benchmark: gateway.</summary>
    public MetricCell? CellOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = HashOf(tags);
        for (Entry? entry = Volatile.Read(ref buckets[hash & (BucketCount - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && entry.Matches(tags))
            {
                return entry.Cell;
            }
        }

        return Add(tags, hash);
    }

    /// <summary>Every label set as Prometheus writes it, without braces, and its value.</summary>
    /// <remarks>Of a copy that the dictionary itself makes: sorting copies it too, and fails when a series comes meanwhile.</remarks>
    public IEnumerable<KeyValuePair<string, MetricCell>> Series => cells.ToArray().OrderBy(series => series.Key, StringComparer.Ordinal);

    /// <summary>Makes room: series of an observed family that were not told for <paramref name="scrape"/> are of things that are gone.</summary>
    public void Forget(long scrape)
    {
        lock (gate)
        {
            int before = cells.Count;
            foreach ((string labels, MetricCell cell) in cells)
            {
                if (cell.ToldAt != scrape)
                {
                    cells.TryRemove(labels, out _);
                }
            }

            if (cells.Count < before)
            {
                Array.Clear(buckets);
                entryCount = 0;
            }
        }
    }

    private MetricCell? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        // Tags in another order are another entry and the same series.
        string labels = MetricLabels.Of(tags);
        lock (gate)
        {
            if (!cells.TryGetValue(labels, out MetricCell? cell))
            {
                if (cells.Count >= seriesMax)
                {
                    return null;
                }

                cells[labels] = cell = new MetricCell(Bounds);
            }

            // Beyond that the cell is found by its labels: slower, and as right.
            if (entryCount < seriesMax * 2)
            {
                entryCount++;
                ref Entry? head = ref buckets[hash & (BucketCount - 1)];
                Volatile.Write(ref head, new Entry(hash, tags.ToArray(), cell, head));
            }

            return cell;
        }
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = tags.Length;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            hash = (hash * 31) + (tag.Value?.GetHashCode() ?? 0);
        }

        return hash ^ (hash >>> 16);
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Tags, MetricCell Cell, Entry? Next)
    {
        public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != Tags.Length)
            {
                return false;
            }

            for (int i = 0; i < tags.Length; i++)
            {
                if (tags[i].Key != Tags[i].Key || !Equals(tags[i].Value, Tags[i].Value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
