using AIOrleans.Benchmarks.Results;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>Single steps of a call, measured by BenchmarkDotNet in this process: nothing is generated, built or restored for it.</summary>
internal static class MicroCommand
{
    private static readonly Type[] Benchmarks = [typeof(LimitBenchmarks), typeof(ProtocolBenchmarks), typeof(DecisionBenchmarks), typeof(KeyBenchmarks)];

    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public static void Run(BenchmarkOptions options, FigureBook book)
    {
        Job job = (options.IsSmoke ? Job.Dry : Job.ShortRun).WithToolchain(InProcessNoEmitToolchain.Instance);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(options.Results, "micro")).WithOptions(ConfigOptions.DisableLogFile);
        foreach (Type benchmarks in Benchmarks)
        {
            Summary summary = BenchmarkRunner.Run(benchmarks, config);
            foreach (BenchmarkReport report in summary.Reports)
            {
                string name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo;
                double[] micros = [.. report.AllMeasurements.Where(one => one.Is(IterationMode.Workload, IterationStage.Result)).Select(one => one.GetAverageTime().Nanoseconds / 1000)];
                book.Add($"micro.{name}", micros.Length > 0 ? micros : throw new InvalidOperationException($"The benchmark {name} failed."), "us");
            }

            if (summary.HasCriticalValidationErrors || summary.Reports.Length == 0)
            {
                throw new InvalidOperationException($"{benchmarks.Name}: {string.Join(' ', summary.ValidationErrors.Select(error => error.Message))}");
            }
        }
    }
}
