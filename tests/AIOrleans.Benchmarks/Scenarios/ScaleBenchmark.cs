using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>What more of something costs: accounts in the directory, accounts on a path, quotas, streams, silos. Each on a gateway of its own.</summary>
internal sealed class ScaleBenchmark(BenchmarkOptions options, FigureBook book, TextWriter output)
{
    private const int KeysPerTenant = 100;

    /// <summary>Two thirds of the accounts of a tenant are users and keys; five stand above them.</summary>
    private const int AccountsPerTenant = (2 * KeysPerTenant) + 5;

    /// <summary>Each is two active accounts, with its user.</summary>
    private const int ActiveKeysMax = 50_000;

    public static async Task RunAsync(BenchmarkOptions options, FigureBook book, TextWriter output)
    {
        var scale = new ScaleBenchmark(options, book, output);
        foreach ((string name, Func<Task> run) in new (string, Func<Task>)[]
        {
            ("accounts", scale.AccountsAsync), ("paths", scale.PathsAsync), ("quotas", scale.QuotasAsync), ("streams", scale.StreamsAsync),
            ("silos", scale.SilosAsync),
        })
        {
            if (options.Has(name))
            {
                output.WriteLine($"-- {name}");
                await run();
            }
        }
    }

    private static LoadPlan Plan(Company company) => new() { Host = "", Port = 0, Keys = company.Secrets, Connections = 32 };

    private async Task AccountsAsync()
    {
        foreach (int accounts in options.IsSmoke ? [1000] : options.Accounts)
        {
            var company = new Company(Math.Max(1, accounts / AccountsPerTenant), KeysPerTenant) { QuotasPerAccount = 1 };
            await using Bench bench = await Bench.StartAsync();

            // The first start writes the directory; the one that counts finds it there, as every later one does.
            long startedAt = TimeProvider.System.GetTimestamp();
            Target first = await bench.AddGatewayAsync("strict", company);
            book.Add($"accounts.{accounts}.first_start", TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds, "s");
            book.Add($"accounts.{accounts}.first_peak", first.Process.Cost().PeakMiB, "MiB");
            await bench.EndAsync(first);
            startedAt = TimeProvider.System.GetTimestamp();
            Target gateway = await bench.AddGatewayAsync("strict", company);
            book.Add($"accounts.{accounts}.start", TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds, "s");
            book.Add($"accounts.{accounts}.start_cpu", gateway.Process.Cost().Cpu.TotalSeconds, "s");
            book.Add($"accounts.{accounts}.idle_memory", gateway.Process.Cost().MemoryMiB, "MiB");

            LoadPlan plan = Plan(company) with { Keys = [.. company.Secrets.Take(ActiveKeysMax)], Seconds = options.Seconds };
            await bench.RunAsync(gateway, plan with { EachKeyOnce = true });
            book.Add($"accounts.{accounts}.active", plan.Keys.Count / KeysPerTenant * AccountsPerTenant);
            Measured measured = await bench.RunAsync(gateway, plan);
            book.Add($"accounts.{accounts}.rate", measured.PerSecond, "requests/s");
            book.Add($"accounts.{accounts}.memory", measured.After.MemoryMiB, "MiB");
            await (gateway.Ledger?.AssertAsync() ?? Task.CompletedTask);
        }
    }

    private async Task PathsAsync()
    {
        await CompareAsync("paths", [(5, new Company(8, 8) { HasTeamsAndApps = false }), (7, new Company(8, 8))]);
    }

    private Task QuotasAsync() =>
        CompareAsync("quotas", [.. (options.IsSmoke ? [2] : new[] { 0, 2, 8, 16 }).Select(quotas => (quotas, new Company(8, 8) { QuotasPerAccount = quotas }))]);

    private async Task StreamsAsync()
    {
        foreach (int streams in options.IsSmoke ? [10] : new[] { 10, 100, 1_000, 5_000, 10_000 })
        {
            var company = new Company(8, 8);
            await using Bench bench = await Bench.StartAsync();
            Target gateway = await bench.AddGatewayAsync("strict", company);
            Measured measured = await bench.RunAsync(gateway, Plan(company) with { Connections = streams, Events = 10, GapMs = 1000, CallsPerConnection = 1 });
            book.Add($"open_streams.{streams}.peak_memory", measured.After.PeakMiB, "MiB");
            book.Add($"open_streams.{streams}.event_p99", LatencyHistogram.FromSparse(measured.Result.EachEvent).MicrosAt(0.99) / 1000, "ms");
            await (gateway.Ledger?.AssertAsync() ?? Task.CompletedTask);
        }
    }

    /// <exception cref="InvalidOperationException">It was asked for by name and cannot be measured here; of a run of all it is only left out.</exception>
    private Task SilosAsync()
    {
        if (SiloScenario.MissingReason is not { } missing)
        {
            return new SiloScenario(options, book, output).RunAsync();
        }

        output.WriteLine(options.Only.Count == 0 ? $"Left out: {missing}" : throw new InvalidOperationException(missing));
        return Task.CompletedTask;
    }

    private async Task CompareAsync(string what, IReadOnlyList<(int Count, Company Company)> variants)
    {
        await using Bench bench = await Bench.StartAsync();
        var rounds = new Dictionary<int, List<double>>();
        var gateways = new List<(int Count, Company Company, Target Gateway)>();
        foreach ((int count, Company company) in variants)
        {
            Target gateway = await bench.AddGatewayAsync($"{what}{count}", company);
            gateways.Add((count, company, gateway));
            rounds[count] = [];
            await bench.RunAsync(gateway, Plan(company) with { Seconds = options.Seconds });
        }

        for (int round = 0; round < options.Rounds; round++)
        {
            foreach ((int count, Company company, Target gateway) in gateways)
            {
                rounds[count].Add((await bench.RunAsync(gateway, Plan(company) with { Seconds = options.Seconds })).PerSecond);
            }
        }

        foreach ((int count, _, Target gateway) in gateways)
        {
            await (gateway.Ledger?.AssertAsync() ?? Task.CompletedTask);
            book.Add($"{what}.{count}.rate", rounds[count], "requests/s");
        }
    }
}
