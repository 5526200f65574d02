using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>One gateway under a steady mix of plain and streamed calls: what of it grows.</summary>
internal static class SoakBenchmark
{
    private const int SamplesMin = 6;

    /// <summary>The first third is warm-up: caches, pools and the compiler fill.</summary>
    private const double WarmShare = 1 / 3.0;

    private static readonly TimeSpan SliceMax = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(BenchmarkOptions options, FigureBook book, TextWriter output)
    {
        await using Bench bench = await Bench.StartAsync();
        var company = new Company(Tenants: 8, KeysPerTenant: 8);
        Target gateway = await bench.AddGatewayAsync("strict", company, "--Ledger:Durability", "strict");
        LoadPlan plan = new() { Host = "", Port = 0, Keys = company.Secrets, Connections = 32 };
        Measured most = await bench.RunAsync(gateway, plan with { Seconds = Math.Min(5, options.Minutes * 6) });

        double seconds = Math.Min(SliceMax.TotalSeconds, options.Minutes * 60 / SamplesMin / 2);
        long startedAt = TimeProvider.System.GetTimestamp();
        var samples = new List<(double Minute, ProcessCost Cost)>();
        while (TimeProvider.System.GetElapsedTime(startedAt).TotalMinutes < options.Minutes || samples.Count < SamplesMin)
        {
            await bench.RunAsync(gateway, plan with { Seconds = seconds, RatePerSecond = most.PerSecond * 0.5 });
            Measured streams = await bench.RunAsync(gateway, plan with { Seconds = seconds, Events = 20, GapMs = 5 });
            samples.Add((TimeProvider.System.GetElapsedTime(startedAt).TotalMinutes, streams.After));
            output.WriteLine(FormattableString.Invariant(
                $"{samples[^1].Minute:0.0} min: {streams.After.MemoryMiB:0} MiB, {streams.After.Threads} threads, {streams.After.Handles} handles"));
        }

        await (gateway.Ledger?.AssertAsync() ?? Task.CompletedTask);
        (double Minute, ProcessCost Cost)[] warm = [.. samples.Skip((int)(samples.Count * WarmShare))];
        book.Add("soak.minutes", samples[^1].Minute, "min");
        book.Add("soak.calls", gateway.Ledger?.Calls ?? 0);
        book.Add("soak.memory", warm.Select(sample => sample.Cost.MemoryMiB), "MiB");
        book.Add("soak.memory_slope", Slope([.. warm.Select(sample => (sample.Minute, sample.Cost.MemoryMiB))]), "MiB/min");
        book.Add("soak.handles_slope", Slope([.. warm.Select(sample => (sample.Minute, (double)sample.Cost.Handles))]), "per min");
        book.Add("soak.threads_slope", Slope([.. warm.Select(sample => (sample.Minute, (double)sample.Cost.Threads))]), "per min");
    }

    /// <summary>Of the line that has the least squares.</summary>
    internal static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        double x = points.Average(point => point.X);
        double y = points.Average(point => point.Y);
        double spread = points.Sum(point => (point.X - x) * (point.X - x));
        return spread == 0 ? 0 : points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
    }
}
