using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>AIOrleans with everything on, each part a process of its own, beside what others make of the same calls. Targets take turns in each round (A B A B).</summary>
internal sealed class LoadBenchmark(BenchmarkOptions options, FigureBook book, Bench bench, IReadOnlyList<Target> targets)
{
    private const double SteadyShare = 0.7;
    private const int SteadyConnections = 64;

    /// <summary>Until the compiler has optimised what is hot: before that a call costs twice as much and more.</summary>
    public const int WarmUpSeconds = 30;

    private static readonly Company Company = new(Tenants: 8, KeysPerTenant: 8);
    private static readonly string[] Own = ["forwarder", "strict", "fast"];

    /// <summary>The same calls again with something varied: no business of a smoke run.</summary>
    private static readonly string[] Sweeps = ["alone", "steady", "connections", "bodies", "keys"];

    /// <summary>What the targets of others take part in, and the gateway without metrics.</summary>
    private static readonly string[] Compared = ["saturation", "alone"];

    private readonly Turns turns = new(bench, options.Rounds);

    public static async Task RunAsync(BenchmarkOptions options, FigureBook book, TextWriter output)
    {
        Machine.Tell(options.Results, output);

        await using Bench bench = await Bench.StartAsync();
        List<Target> targets =
        [
            .. await Task.WhenAll(
                bench.AddForwarderAsync(),
                bench.AddGatewayAsync("strict", Company, "--Ledger:Durability", "strict"),
                bench.AddGatewayAsync("fast", Company, "--Ledger:Durability", "fast")),
        ];
        if (!options.IsSmoke && Compared.Any(options.Has))
        {
            targets.Add(await bench.AddGatewayAsync("fast-no-metrics", Company, "--Ledger:Durability", "fast", "--Metrics:Enabled", "false"));
            Add(await bench.TryAddNginxAsync(), "nginx is not installed: left out");
            Add(await bench.TryAddPortkeyAsync(), $"Portkey is not installed: left out. {Installed.PortkeyHow}");
        }

        void Add(Target? target, string missing)
        {
            if (target is null)
            {
                output.WriteLine(missing);
                return;
            }

            targets.Add(target);
        }

        var load = new LoadBenchmark(options, book, bench, targets);
        await load.WarmUpAsync();
        await load.RunAsync(output);
        foreach (Target target in targets)
        {
            await (target.Ledger?.AssertAsync() ?? Task.CompletedTask);
        }

        output.WriteLine($"Every answer was right, and the ledgers have exactly the {targets.Sum(target => target.Ledger?.Calls ?? 0):N0} calls and the tokens that were answered.");
    }

    private LoadPlan Plan => new()
    {
        Host = "",
        Port = 0,
        Keys = Company.Secrets,
        Connections = options.Connections,
        BodyBytes = options.BodyBytes,
        AnswerBytes = options.BodyBytes,
        Seconds = options.Seconds,
    };

    private IEnumerable<Target> OwnTargets => targets.Where(target => Own.Contains(target.Name));

    /// <summary>Plain, and streamed where that is measured, until the compiler is done with all of it.</summary>
    private async Task WarmUpAsync()
    {
        foreach (Target target in targets)
        {
            await bench.RunAsync(target, Plan with { Seconds = options.IsSmoke ? options.Seconds : WarmUpSeconds });
        }

        foreach (Target target in OwnTargets)
        {
            await bench.RunAsync(target, Plan with { Seconds = options.Seconds / 4, Events = 20 });
        }
    }

    private async Task RunAsync(TextWriter output)
    {
        var streams = new StreamScenarios(options, book, bench, [.. OwnTargets]) { Plan = Plan, Company = Company };
        foreach ((string name, Func<Task> run) in new (string, Func<Task>)[]
        {
            ("saturation", SaturationAsync), ("alone", AloneAsync), ("steady", SteadyAsync), ("streams", streams.RunAsync), ("crowd", streams.CrowdAsync),
            ("connections", ConnectionsAsync), ("bodies", BodiesAsync), ("keys", KeysAsync),
        })
        {
            if (options.Has(name) && !(options.IsSmoke && Sweeps.Contains(name)))
            {
                output.WriteLine($"-- {name}");
                await run();
            }
        }
    }

    /// <summary>As many calls as each can: the ratio to the bare forwarder and to the others.</summary>
    private async Task SaturationAsync()
    {
        Dictionary<string, List<Measured>> rounds = await turns.TakeAsync(targets, Plan);
        AddRates("saturation", rounds);
        foreach (string other in new[] { "forwarder", "portkey", "nginx" }.Where(rounds.ContainsKey))
        {
            foreach (string name in rounds.Keys.Where(name => name != other))
            {
                book.Add($"saturation.{name}.ratio_to_{other}", rounds[name].Zip(rounds[other], (own, bare) => own.PerSecond / bare.PerSecond));
            }
        }
    }

    /// <summary>One connection: what the gateway adds to a call when nobody else is there.</summary>
    private async Task AloneAsync()
    {
        Dictionary<string, List<Measured>> rounds = await turns.TakeAsync(targets, Plan with { Connections = 1 });
        foreach ((string name, List<Measured> each) in rounds)
        {
            book.Add($"alone.{name}.p50", each.Select(one => one.LatencyMicros(0.5) / 1000), "ms");
            book.Add($"alone.{name}.p99", each.Select(one => one.LatencyMicros(0.99) / 1000), "ms");
            book.Add($"alone.{name}.added_p50", each.Zip(rounds["forwarder"], (own, bare) => (own.LatencyMicros(0.5) - bare.LatencyMicros(0.5)) / 1000), "ms");
        }
    }

    /// <summary>Calls at random instants, at 70 % of what the gateway can: the forwarder at the same rate.</summary>
    private async Task SteadyAsync()
    {
        foreach (Target own in OwnTargets.Where(target => target.Ledger is not null).ToArray())
        {
            Measured most = await bench.RunAsync(own, Plan);
            LoadPlan steady = Plan with { Connections = SteadyConnections, RatePerSecond = most.PerSecond * SteadyShare };
            Dictionary<string, List<Measured>> rounds = await turns.TakeAsync([targets[0], own], steady);
            book.Add($"steady.{own.Name}.rate", steady.RatePerSecond, "requests/s");
            foreach (double share in new[] { 0.5, 0.99, 0.999 })
            {
                string at = $"p{(share * 100).ToString(System.Globalization.CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal)}";
                book.Add($"steady.{own.Name}.{at}", rounds[own.Name].Select(one => one.LatencyMicros(share) / 1000), "ms");
                book.Add($"steady.{own.Name}.forwarder_{at}", rounds["forwarder"].Select(one => one.LatencyMicros(share) / 1000), "ms");
                book.Add($"steady.{own.Name}.added_{at}", rounds[own.Name].Zip(rounds["forwarder"], (a, b) => (a.LatencyMicros(share) - b.LatencyMicros(share)) / 1000), "ms");
            }
        }
    }

    private async Task ConnectionsAsync()
    {
        foreach (int connections in new[] { 1, 4, 8, 16, 32, 64, 128, 256, 512 })
        {
            AddRates($"connections.{connections}", await turns.TakeAsync(OwnTargets, Plan with { Connections = connections }));
        }
    }

    private async Task BodiesAsync()
    {
        foreach (int kilobytes in new[] { 1, 10, 100, 1024 })
        {
            AddRates($"bodies.{kilobytes}kB", await turns.TakeAsync(OwnTargets, Plan with { BodyBytes = kilobytes * 1024, AnswerBytes = kilobytes * 1024 }));
        }
    }

    /// <summary>One key for all, nine calls of ten with one key, and all keys alike.</summary>
    private async Task KeysAsync()
    {
        foreach ((string name, double share) in new[] { ("one", 1.0), ("hot", 0.9), ("spread", 0.0) })
        {
            AddRates($"keys.{name}", await turns.TakeAsync(OwnTargets.Where(target => target.Ledger is not null), Plan with { HotShare = share }));
        }
    }

    private void AddRates(string scenario, Dictionary<string, List<Measured>> rounds)
    {
        foreach ((string name, List<Measured> each) in rounds)
        {
            book.Add($"{scenario}.{name}.rate", each.Select(one => one.PerSecond), "requests/s");
            book.Add($"{scenario}.{name}.cpu_per_call", each.Select(one => one.CpuMicrosPerCall), "us");
            book.Add($"{scenario}.{name}.p99", each.Select(one => one.LatencyMicros(0.99) / 1000), "ms");
        }
    }
}
