namespace AIOrleans.Core.Health;

/// <summary>Counts durations in logarithmic buckets: any quantile is off by at most 1 %, and two sketches add up to one without further error.</summary>
/// <remarks>
/// Four bytes per bucket in use: one to two hundred for the usual spread of latencies, at most <see cref="KeyMax"/> + 1. Empty ones allocate nothing.
/// Source: Masson, Rim, Lee, "DDSketch", VLDB 2019. Not thread-safe.
/// </remarks>
public sealed class LatencySketch
{
    /// <summary>Most that a quantile differs from the true one, relative to it; durations below a microsecond count as one.</summary>
    public const double RelativeErrorMax = 0.01;

    /// <summary>Longest duration told apart, in microseconds: a day.</summary>
    public const long MicrosMax = 86_400_000_000;

    private const double Gamma = (1 + RelativeErrorMax) / (1 - RelativeErrorMax);

    // A cell is a bucket's key above its count. A bucket that is full goes on in a second cell of the same key.
    private const int CountBits = 20;
    private const uint CountMax = (1u << CountBits) - 1;

    private static readonly double KeyPerLog = 1 / Math.Log(Gamma);

    private uint[] cells = [];
    private int cellCount;

    /// <summary>The last bucket.</summary>
    public static int KeyMax { get; } = KeyOf(MicrosMax);

    /// <summary>Durations counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one duration in microseconds; negative ones as 0, longer ones than <see cref="MicrosMax"/> as that.</summary>
    public void Add(long micros) => Add((uint)KeyOf(Math.Clamp(micros, 0, MicrosMax)), 1);

    /// <summary>Adds all that <paramref name="other"/> counted.</summary>
    public void Merge(LatencySketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < other.cellCount; i++)
        {
            Add(other.cells[i] >> CountBits, other.cells[i] & CountMax);
        }
    }

    /// <summary>The duration in microseconds that the share <paramref name="quantile"/> (0 to 1) does not exceed; null when nothing was counted.</summary>
    public long? Quantile(double quantile)
    {
        if (Count == 0)
        {
            return null;
        }

        long rank = Math.Clamp((long)Math.Ceiling(Count * quantile), 1, Count);
        long seen = 0;
        int i = 0;
        while ((seen += cells[i] & CountMax) < rank)
        {
            i++;
        }

        return MicrosOf(cells[i] >> CountBits);
    }

    /// <summary>Forgets everything and keeps the memory.</summary>
    public void Clear()
    {
        cellCount = 0;
        Count = 0;
    }

    private static int KeyOf(long micros) => micros <= 1 ? 0 : (int)Math.Ceiling(Math.Log(micros) * KeyPerLog);

    // The value whose distance to both edges of the bucket is the same share of the edge.
    private static long MicrosOf(uint key) => key == 0 ? 1 : (long)Math.Round(2 * Math.Pow(Gamma, key) / (Gamma + 1));

    private void Add(uint key, uint count)
    {
        Count += count;
        int index = LastOf(key);
        if (index >= 0 && cells[index] >> CountBits == key)
        {
            uint room = CountMax - (cells[index] & CountMax);
            uint added = Math.Min(room, count);
            cells[index] += added;
            count -= added;
        }

        if (count > 0)
        {
            Insert(index + 1, (key << CountBits) | count);
        }
    }

    /// <summary>The last cell whose key is not above <paramref name="key"/>; -1 when there is none.</summary>
    private int LastOf(uint key)
    {
        int low = 0;
        int high = cellCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (cells[middle] >> CountBits <= key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private void Insert(int index, uint cell)
    {
        if (cellCount == cells.Length)
        {
            Array.Resize(ref cells, Math.Max(8, cellCount + (cellCount / 2)));
        }

        Array.Copy(cells, index, cells, index + 1, cellCount - index);
        cells[index] = cell;
        cellCount++;
    }
}
