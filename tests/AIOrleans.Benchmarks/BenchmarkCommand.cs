using System.Globalization;
using AIOrleans.Benchmarks.Engine;
using AIOrleans.Benchmarks.Gateway;
using AIOrleans.Benchmarks.Grains;
using AIOrleans.Benchmarks.Protocols;
using AIOrleans.Benchmarks.Storage;

namespace AIOrleans.Benchmarks;

/// <summary>Runs the benchmarks: <c>-- engine|ledger|holds|gateway|translation|tokens [--seconds N]</c>, all of them without a name, and all of them briefly with <c>--smoke</c>.</summary>
internal static class BenchmarkCommand
{
    private const int Callers = 64;
    private const int SecondsDefault = 5;

    private static readonly Dictionary<string, Func<TimeSpan, TextWriter, Task>> Benchmarks = new(StringComparer.Ordinal)
    {
        ["engine"] = EngineAsync,
        ["ledger"] = LedgerAsync,
        ["holds"] = HoldsAsync,
        ["gateway"] = GatewayAsync,
        ["translation"] = Translation,
        ["tokens"] = Tokens,
    };

    /// <returns>0 when every benchmark asked for has run.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        bool isSmoke = args.Contains("--smoke");
        int at = Array.IndexOf(args, "--seconds");
        TimeSpan duration = isSmoke ? TimeSpan.FromMilliseconds(500)
            : TimeSpan.FromSeconds(at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : SecondsDefault);
        string[] names = [.. args.Where(Benchmarks.ContainsKey)];
        output.WriteLine($"{Environment.ProcessorCount} processors, {duration.TotalSeconds:0.#} s each; compare figures of one run only");
        foreach (string name in names.Length > 0 ? names : [.. Benchmarks.Keys])
        {
            await Benchmarks[name](duration, output);
        }

        return 0;
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

    private static async Task GatewayAsync(TimeSpan duration, TextWriter output)
    {
        await GatewayAgainstForwarder.RunAsync(duration, "strict", output);
        await GatewayAgainstForwarder.RunAsync(duration, "fast", output);
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
