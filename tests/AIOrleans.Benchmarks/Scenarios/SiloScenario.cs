using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>The same calls to one silo, and to clusters of two and three, each on a database of its own on one PostgreSQL. They share the machine: what a silo more costs it is measured, not what a machine more brings.</summary>
internal sealed class SiloScenario(BenchmarkOptions options, FigureBook book, TextWriter output)
{
    private const int SilosMax = 3;

    /// <summary>Slices of warm-up: five minutes of a cluster, however busy the machine.</summary>
    private const int WarmUpsMax = 10;

#if CLUSTER
    private const string? EditionMissing = null;
#else
    private const string? EditionMissing =
        "silos needs the Cluster edition: dotnet run -c Release -p:Edition=Cluster --project tests/AIOrleans.Benchmarks -- scale --only silos";
#endif

    private static readonly Company Company = new(Tenants: 8, KeysPerTenant: 8);

    /// <summary>Why this cannot be measured here; null where it can.</summary>
    public static string? MissingReason => EditionMissing ?? PostgresBinaries.MissingReason;

    public async Task RunAsync()
    {
        // With flushes, as a database that must not forget has them.
        await using PostgresServer server = await PostgresServer.StartNewAsync(flushes: true);
        for (int count = 1; count <= (options.IsSmoke ? SilosMax - 1 : SilosMax); count++)
        {
            await RunAsync(count, ["--Storage:Provider", "postgresql", "--Storage:ConnectionString", await server.CreateDatabaseAsync()]);
        }
    }

    private async Task RunAsync(int count, IReadOnlyList<string> storage)
    {
        await using Bench bench = await Bench.StartAsync();
        Target cluster = await bench.AddClusterAsync($"silos{count}", Company, count, storage);
        LoadPlan plan = new() { Host = "", Port = 0, Keys = Company.Secrets, Connections = options.Connections, BodyBytes = options.BodyBytes, AnswerBytes = options.BodyBytes, Seconds = options.Seconds };
        await WarmUpAsync(bench, cluster, plan);

        var rounds = new List<Measured>();
        for (int round = 0; round < options.Rounds; round++)
        {
            rounds.Add(await bench.RunAsync(cluster, plan));
        }

        await ClusterCheck.AssertAsync(cluster.Url, count);
        await (cluster.Ledger?.AssertAsync() ?? Task.CompletedTask);
        book.Add($"silos.{count}.idle_cpu", await IdleMillisPerSecondAsync(cluster), "ms/s");
        book.Add($"silos.{count}.calls", cluster.Ledger?.Calls ?? 0);
        book.Add($"silos.{count}.rate", rounds.Select(one => one.PerSecond), "requests/s");
        book.Add($"silos.{count}.cpu_per_call", rounds.Select(one => one.CpuMicrosPerCall), "us");
        book.Add($"silos.{count}.p50", rounds.Select(one => one.LatencyMicros(0.5) / 1000), "ms");
        book.Add($"silos.{count}.p99", rounds.Select(one => one.LatencyMicros(0.99) / 1000), "ms");
        book.Add($"silos.{count}.memory", rounds.Select(one => one.After.MemoryMiB), "MiB");
        book.Add($"silos.{count}.memory_per_silo", rounds.Select(one => one.After.MemoryMiB / count), "MiB");
    }

    /// <summary>Full load until a call costs no less than before: a silo of several makes fewer calls a second, and the compiler needs as many.</summary>
    private async Task WarmUpAsync(Bench bench, Target cluster, LoadPlan plan)
    {
        if (options.IsSmoke)
        {
            await bench.RunAsync(cluster, plan);
            return;
        }

        double cost = double.MaxValue;
        for (int slice = 0; slice < WarmUpsMax; slice++)
        {
            Measured measured = await bench.RunAsync(cluster, plan with { Seconds = LoadBenchmark.WarmUpSeconds });
            output.WriteLine(FormattableString.Invariant($"warm-up: {measured.CpuMicrosPerCall:0} us of processor time a call"));
            if (IsSteady(cost, measured.CpuMicrosPerCall))
            {
                return;
            }

            cost = measured.CpuMicrosPerCall;
        }
    }

    /// <summary>Whether what a call costs has come down by less than a tenth.</summary>
    internal static bool IsSteady(double before, double now) => now > before * 0.9;

    /// <summary>Processor time of a cluster that nobody calls, once what the last calls left behind is done.</summary>
    private async Task<double> IdleMillisPerSecondAsync(Target cluster)
    {
        await Task.Delay(options.Duration, TimeProvider.System);
        TimeSpan before = cluster.Cost().Cpu;
        await Task.Delay(options.Duration, TimeProvider.System);
        return (cluster.Cost().Cpu - before).TotalMilliseconds / options.Seconds;
    }
}
