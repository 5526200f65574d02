using AIOrleans.Benchmarks.Results;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>Single steps of a call, measured by BenchmarkDotNet in this process: nothing is generated, built or restored for it.</summary>
internal static class MicroCommand
{
    private static readonly Type[] Benchmarks = [typeof(LimitBenchmarks), typeof(ProtocolBenchmarks), typeof(DecisionBenchmarks), typeof(KeyBenchmarks)];

    /// <summary>Rounds that do not count: the compiler optimises meanwhile.</summary>
    private const int WarmUps = 5;

    private const int Rounds = 10;

    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public static void Run(BenchmarkOptions options, FigureBook book)
    {
        Job job = (options.IsSmoke ? Job.Dry : Job.ShortRun.WithWarmupCount(WarmUps).WithIterationCount(Rounds)).WithToolchain(InProcessNoEmitToolchain.Instance);
        foreach (Type benchmarks in Benchmarks)
        {
            var log = new AccumulationLogger();
            IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(log).AddColumnProvider(DefaultColumnProviders.Instance).AddDiagnoser(MemoryDiagnoser.Default)
                .WithArtifactsPath(Path.Combine(options.Results, "micro")).WithOptions(ConfigOptions.DisableLogFile);
            foreach (BenchmarkReport report in ReportsOf(benchmarks, config, log))
            {
                Statistics times = report.ResultStatistics ?? throw Failed(benchmarks, log);
                string name = $"micro.{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo}";
                book.Add($"{name}.mean", times.Mean, "ns");
                book.Add($"{name}.deviation", times.StandardDeviation, "ns");
                book.Add($"{name}.allocated", report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0, "B");
            }
        }
    }

    private static IReadOnlyList<BenchmarkReport> ReportsOf(Type benchmarks, IConfig config, AccumulationLogger log)
    {
        try
        {
            Summary summary = BenchmarkRunner.Run(benchmarks, config);
            return !summary.HasCriticalValidationErrors && summary.Reports.Length > 0
                ? summary.Reports
                : throw new InvalidOperationException($"{benchmarks.Name}: {string.Join(' ', summary.ValidationErrors.Select(error => error.Message))}");
        }
        catch (NullReferenceException)
        {
            // What BenchmarkDotNet 0.14 makes of a benchmark that throws in this process: it looks for the files of another one.
            throw Failed(benchmarks, log);
        }
    }

    private static InvalidOperationException Failed(Type benchmarks, AccumulationLogger log)
    {
        IEnumerable<string> lines = log.GetLog().Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Contains("Exception: ", StringComparison.Ordinal));
        return new InvalidOperationException($"{benchmarks.Name} failed.\n{string.Join('\n', lines)}");
    }
}
