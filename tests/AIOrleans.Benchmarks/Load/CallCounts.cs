using System.Diagnostics;

namespace AIOrleans.Benchmarks.Load;

/// <summary>What one connection got, or several together. Not thread-safe.</summary>
internal sealed class CallCounts
{
    private readonly LatencyHistogram latency = new();
    private readonly LatencyHistogram firstByte = new();
    private readonly LatencyHistogram late = new();
    private LatencyHistogram? firstEvent;
    private LatencyHistogram? eachEvent;

    public long Calls { get; private set; }

    public long Wrong { get; private set; }

    public string? FirstWrong { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public long Events { get; private set; }

    public void AddBegun(long dueAt, long sentAt) => late.Add(Stopwatch.GetElapsedTime(dueAt, sentAt));

    public void Add(long dueAt, long firstByteAt, long endedAt, string? mistake, int events, long outputTokens, long inputTokens)
    {
        Calls++;
        Wrong += mistake is null ? 0 : 1;
        FirstWrong ??= mistake;
        Events += events;
        OutputTokens += outputTokens;
        InputTokens += inputTokens;
        latency.Add(Stopwatch.GetElapsedTime(dueAt, endedAt));
        firstByte.Add(Stopwatch.GetElapsedTime(dueAt, firstByteAt));
    }

    public void AddBroken(string why)
    {
        Calls++;
        Wrong++;
        FirstWrong ??= why;
    }

    /// <param name="ticks">Of the machine's clock, which its processes share.</param>
    public void AddEvent(long ticks, bool isFirst)
    {
        long nanoseconds = ticks * (1_000_000_000 / Stopwatch.Frequency);
        (eachEvent ??= new()).AddNanoseconds(nanoseconds);
        if (isFirst)
        {
            (firstEvent ??= new()).AddNanoseconds(nanoseconds);
        }
    }

    public static LoadResult Sum(IEnumerable<CallCounts> all, double seconds)
    {
        CallCounts[] each = [.. all];
        return new LoadResult
        {
            Calls = each.Sum(one => one.Calls),
            Wrong = each.Sum(one => one.Wrong),
            FirstWrong = each.Select(one => one.FirstWrong).FirstOrDefault(wrong => wrong is not null),
            Seconds = seconds,
            InputTokens = each.Sum(one => one.InputTokens),
            OutputTokens = each.Sum(one => one.OutputTokens),
            Events = each.Sum(one => one.Events),
            Latency = Sum(each.Select(one => one.latency)),
            FirstByte = Sum(each.Select(one => one.firstByte)),
            Late = Sum(each.Select(one => one.late)),
            FirstEvent = Sum(each.Select(one => one.firstEvent).OfType<LatencyHistogram>()),
            EachEvent = Sum(each.Select(one => one.eachEvent).OfType<LatencyHistogram>()),
        };
    }

    private static long[][] Sum(IEnumerable<LatencyHistogram> histograms)
    {
        var sum = new LatencyHistogram();
        foreach (LatencyHistogram one in histograms)
        {
            sum.Add(one);
        }

        return sum.ToSparse();
    }
}
