using AIOrleans.Benchmarks.Engine;
using AIOrleans.Benchmarks.Grains;
using AIOrleans.Benchmarks.Protocols;
using AIOrleans.Benchmarks.Storage;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>Parts of the product alone, in this process.</summary>
internal static class PartBenchmarks
{
    private const int Callers = 64;

    private static readonly Dictionary<string, Func<TimeSpan, TextWriter, Task>> Parts = new(StringComparer.Ordinal)
    {
        ["engine"] = EngineAsync,
        ["ledger"] = LedgerAsync,
        ["holds"] = HoldsAsync,
        ["translation"] = Translation,
        ["tokens"] = Tokens,
    };

    /// <exception cref="FormatException">There is no such part.</exception>
    public static Task RunAsync(string part, TimeSpan duration, TextWriter output) =>
        Parts.TryGetValue(part, out Func<TimeSpan, TextWriter, Task>? run) ? run(duration, output) : throw new FormatException($"There is no command '{part}'.");

    public static async Task RunAllAsync(TimeSpan duration, TextWriter output)
    {
        foreach (Func<TimeSpan, TextWriter, Task> run in Parts.Values)
        {
            await run(duration, output);
        }
    }

    private static async Task EngineAsync(TimeSpan duration, TextWriter output)
    {
        GrainCallFigures figures = await GrainCallThroughput.RunAsync(duration, CancellationToken.None);
        output.WriteLine($"engine: {figures.SpreadCallsPerSecond:N0} calls/s from {Callers} callers over 1,000 grains, {figures.HotCallsPerSecond:N0} on one, "
            + $"{figures.ChainedCallsPerSecond:N0} through another grain; {figures.SingleCallerNanoseconds:N0} ns a call from one caller");
    }

    private static async Task LedgerAsync(TimeSpan duration, TextWriter output)
    {
        foreach (LedgerFigures figures in await LedgerThroughput.RunAsync(Callers, duration))
        {
            output.WriteLine($"ledger: {figures}");
        }
    }

    private static async Task HoldsAsync(TimeSpan duration, TextWriter output)
    {
        foreach (HoldSettleFigures figures in await HoldSettleThroughput.RunAsync(Callers, duration))
        {
            output.WriteLine($"holds: {figures}");
        }
    }

    private static Task Translation(TimeSpan duration, TextWriter output)
    {
        foreach (TranslationFigures figures in TranslationSpeed.Run(duration / 5, TimeProvider.System))
        {
            output.WriteLine($"translation: {figures}");
        }

        return Task.CompletedTask;
    }

    private static Task Tokens(TimeSpan duration, TextWriter output)
    {
        foreach (TranslationFigures figures in TokenSpeed.Run(duration / 5, TimeProvider.System))
        {
            output.WriteLine($"tokens: {figures}");
        }

        return Task.CompletedTask;
    }
}
