using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>One gateway under a steady mix of plain and streamed calls: what of it grows.</summary>
internal static class SoakBenchmark
{
    private const int SamplesMin = 6;

    /// <summary>What SQLite keeps of the pages that it writes, at most: until the database is larger, memory grows with it.</summary>
    private const long CacheBytes = 64 << 20;

    /// <summary>A database that is still smaller after so many times the warm-up is measured as it is: the machine is too slow to wait.</summary>
    private const int WarmUpsMax = 3;

    private static readonly TimeSpan SliceMax = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(BenchmarkOptions options, FigureBook book, TextWriter output)
    {
        await using Bench bench = await Bench.StartAsync();
        var company = new Company(Tenants: 8, KeysPerTenant: 8);
        Target gateway = await bench.AddGatewayAsync("strict", company, "--Ledger:Durability", "strict");
        LoadPlan plan = new() { Host = "", Port = 0, Keys = company.Secrets, Connections = 32 };
        double seconds = Math.Min(SliceMax.TotalSeconds, options.Minutes * 60 / SamplesMin / 2);
        Measured most = await WarmUpAsync(bench, gateway, plan with { Seconds = seconds }, TimeSpan.FromMinutes(options.SoakWarmMinutes), output);
        long databaseBytes = bench.DatabaseBytes(gateway);

        long startedAt = TimeProvider.System.GetTimestamp();
        var samples = new List<(double Minute, ProcessCost Cost)>();
        while (TimeProvider.System.GetElapsedTime(startedAt).TotalMinutes < options.Minutes || samples.Count < SamplesMin)
        {
            await bench.RunAsync(gateway, plan with { Seconds = seconds, RatePerSecond = most.PerSecond * 0.5 });
            Measured streams = await bench.RunAsync(gateway, plan with { Seconds = seconds, Events = 20, GapMs = 5 });
            samples.Add((TimeProvider.System.GetElapsedTime(startedAt).TotalMinutes, streams.After));
            Tell(samples[^1].Minute, streams.After, bench.DatabaseBytes(gateway), output);
        }

        await (gateway.Ledger?.AssertAsync() ?? Task.CompletedTask);
        book.Add("soak.minutes", samples[^1].Minute, "min");
        book.Add("soak.calls", gateway.Ledger?.Calls ?? 0);
        book.Add("soak.warm_database", databaseBytes / 1048576.0, "MiB");
        book.Add("soak.memory", samples.Select(sample => sample.Cost.MemoryMiB), "MiB");
        book.Add("soak.memory_slope", Slope([.. samples.Select(sample => (sample.Minute, sample.Cost.MemoryMiB))]), "MiB/min");
        book.Add("soak.handles_slope", Slope([.. samples.Select(sample => (sample.Minute, (double)sample.Cost.Handles))]), "per min");
        book.Add("soak.threads_slope", Slope([.. samples.Select(sample => (sample.Minute, (double)sample.Cost.Threads))]), "per min");
    }

    /// <summary>Whether caches, pools and the compiler's work are as full as they get.</summary>
    /// <param name="wanted">Least time of a warm-up.</param>
    internal static bool IsWarm(TimeSpan elapsed, TimeSpan wanted, long databaseBytes) =>
        elapsed >= (databaseBytes > CacheBytes ? wanted : wanted * WarmUpsMax);

    /// <summary>Of the line that has the least squares.</summary>
    internal static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        double x = points.Average(point => point.X);
        double y = points.Average(point => point.Y);
        double spread = points.Sum(point => (point.X - x) * (point.X - x));
        return spread == 0 ? 0 : points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
    }

    /// <summary>As many calls as it can, plain and streamed as later; what is measured comes after.</summary>
    /// <returns>The last slice of plain calls.</returns>
    private static async Task<Measured> WarmUpAsync(Bench bench, Target gateway, LoadPlan plan, TimeSpan wanted, TextWriter output)
    {
        await bench.RunAsync(gateway, plan with { Events = 20, GapMs = 5 });
        long startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Measured most = await bench.RunAsync(gateway, plan);
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(startedAt);
            Tell(elapsed.TotalMinutes, most.After, bench.DatabaseBytes(gateway), output, "warm-up, ");
            if (IsWarm(elapsed, wanted, bench.DatabaseBytes(gateway)))
            {
                return most;
            }
        }
    }

    private static void Tell(double minute, ProcessCost cost, long databaseBytes, TextWriter output, string when = "") => output.WriteLine(FormattableString.Invariant(
        $"{when}{minute:0.0} min: {cost.MemoryMiB:0} MiB, {cost.Threads} threads, {cost.Handles} handles, database {databaseBytes / 1048576.0:0} MiB"));
}
