using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>Streamed answers: how long an event is under way, what it costs the processor, and what many streams at once need.</summary>
internal sealed class StreamScenarios(BenchmarkOptions options, FigureBook book, Bench bench, IReadOnlyList<Target> targets)
{
    /// <summary>Streams that begin each second, at random instants: apart from each other, or their first events would wait for each other.</summary>
    private const double BegunPerSecond = 50;

    /// <summary>Of one such stream; with the pauses between them it lasts a tenth of a second, so that some five are open at a time.</summary>
    private const int FewEvents = 10;

    /// <summary>So many that none has to wait for a connection unless everything stands still.</summary>
    private const int ConnectionsEnough = 64;

    /// <summary>Rounds of first events, in rounds of anything else: 500 streams in ten seconds, or p99 would hang on one or two.</summary>
    private const int LongerRounds = 2;

    private readonly Turns turns = new(bench, options.Rounds);

    /// <summary>What all streams have in common with other calls.</summary>
    public required LoadPlan Plan { get; init; }

    public required Company Company { get; init; }

    /// <summary>Pause before each event, in a smoke run none that anybody would notice.</summary>
    private int GapMs(int measured) => options.IsSmoke ? 1 : measured;

    /// <summary>First events of streams that begin apart from each other; then what an event of many costs.</summary>
    public async Task RunAsync()
    {
        await FirstEventsAsync();
        await LongStreamsAsync();
    }

    /// <summary>Many streams at once, on one gateway that has done nothing else; a smoke run has them on those that run.</summary>
    public async Task CrowdAsync()
    {
        foreach ((string name, Func<Task<Target>> start) in new (string, Func<Task<Target>>)[]
        {
            ("forwarder", bench.AddForwarderAsync), ("strict", () => bench.AddGatewayAsync("crowd", Company, "--Ledger:Durability", "strict")),
        })
        {
            Target alone = options.IsSmoke ? targets.First(target => target.Name == name) : await start();
            Measured crowd = await bench.RunAsync(alone, Plan with { Connections = options.Streams, Events = 10, GapMs = GapMs(1000), CallsPerConnection = 1 });
            await (alone.Ledger?.AssertAsync() ?? Task.CompletedTask);
            if (!options.IsSmoke)
            {
                await bench.EndAsync(alone);
            }

            book.Add($"crowd.{name}.streams", options.Streams);
            book.Add($"crowd.{name}.peak_memory", crowd.After.PeakMiB, "MiB");
            book.Add($"crowd.{name}.first_event_p99", crowd.FirstEventMillis(0.99), "ms");
        }
    }

    /// <summary>How long the first event is under way, from the provider's pen to the client's hand, in open loop.</summary>
    private async Task FirstEventsAsync()
    {
        LoadPlan apart = Plan with { Connections = ConnectionsEnough, Events = FewEvents, GapMs = GapMs(10), RatePerSecond = BegunPerSecond, Seconds = options.Seconds * LongerRounds };
        Dictionary<string, List<Measured>> rounds = await turns.TakeAsync(targets, apart);
        foreach ((string name, List<Measured> each) in rounds)
        {
            book.Add($"streams.{name}.first_event_p50", each.Select(one => one.FirstEventMillis(0.5)), "ms");
            book.Add($"streams.{name}.first_event_p99", each.Select(one => one.FirstEventMillis(0.99)), "ms");
            book.Add($"streams.{name}.first_event_added_p99", each.Zip(rounds["forwarder"], (own, bare) => own.FirstEventMillis(0.99) - bare.FirstEventMillis(0.99)), "ms");
            book.Add($"streams.{name}.first_events", each.Sum(one => one.Result.Calls));

            // The rate was kept, and the figures above mean something, where this is small.
            book.Add($"streams.{name}.begun_late_p99", each.Select(one => LatencyHistogram.FromSparse(one.Result.Late).MicrosAt(0.99) / 1000), "ms");
        }
    }

    /// <summary>Streams of 100 events on a few connections: how long one is under way while others are, and what one costs the processor.</summary>
    private async Task LongStreamsAsync()
    {
        Dictionary<string, List<Measured>> rounds = await turns.TakeAsync(targets, Plan with { Connections = 16, Events = 100, GapMs = GapMs(10) });
        foreach ((string name, List<Measured> each) in rounds)
        {
            book.Add($"streams.{name}.event_p99", each.Select(one => LatencyHistogram.FromSparse(one.Result.EachEvent).MicrosAt(0.99) / 1000), "ms");
            book.Add($"streams.{name}.cpu_per_event", each.Select(one => one.CpuMicrosPerEvent), "us");
            book.Add($"streams.{name}.cpu_per_event_ratio", each.Zip(rounds["forwarder"], (own, bare) => own.CpuMicrosPerEvent / bare.CpuMicrosPerEvent));
        }
    }
}
