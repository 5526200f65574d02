using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Adaptive;

namespace AIOrleans.Management.Views;

/// <summary>The answer of <c>GET /api/v1/adaptive</c>. Multipliers and factors are fractions: 1 is as configured, and at the target.</summary>
/// <param name="Active">Some limit is adaptive: without one nothing is measured.</param>
internal sealed record AdaptiveJson(
    bool Active,
    decimal Floor,
    decimal Ceiling,
    IReadOnlyList<SiloLoadJson> Silos,
    IReadOnlyList<AdaptiveStepJson> Changes,
    IReadOnlyList<AdaptiveStepJson> Steps)
{
    public static AdaptiveJson Of(AdaptiveView view, bool isActive) => new(
        isActive,
        AdaptiveControl.FloorPerMille / 1000m,
        AdaptiveControl.CeilingPerMille / 1000m,
        [.. view.Silos.Select(SiloLoadJson.Of)],
        [.. view.Changes.Select(AdaptiveStepJson.Of)],
        [.. view.Recent.Select(AdaptiveStepJson.Of)]);
}

/// <summary>One silo and its newest sample.</summary>
internal sealed record SiloLoadJson(string Silo, DateTimeOffset At, decimal Multiplier, decimal LoadFactor, string Cause, LoadJson Sample, LoadJson Targets)
{
    public static SiloLoadJson Of(SiloLoad load)
    {
        (int factorPerMille, LoadMeasure cause) = load.Sample.Against(load.Targets);
        return new SiloLoadJson(
            load.Silo, load.At, load.MultiplierPerMille / 1000m, factorPerMille / 1000m, LoadJson.NameOf(cause), LoadJson.Of(load.Sample), LoadJson.Of(load.Targets));
    }
}

/// <summary>One step of one silo: the mean load since the one before, and what it did.</summary>
internal sealed record AdaptiveStepJson(string Silo, DateTimeOffset At, decimal LoadFactor, string Cause, decimal From, decimal To, LoadJson Mean)
{
    public static AdaptiveStepJson Of(SiloStep step) => new(
        step.Silo,
        step.Step.At,
        step.Step.FactorPerMille / 1000m,
        LoadJson.NameOf(step.Step.Cause),
        step.Step.FromPerMille / 1000m,
        step.Step.ToPerMille / 1000m,
        LoadJson.Of(step.Step.Mean));
}

/// <summary>Shares of processors and memory, 0 to 1; counts of the rest.</summary>
internal sealed record LoadJson(decimal Cpu, decimal Memory, long LedgerQueue, long LiveCalls)
{
    public static LoadJson Of(LoadReading reading) => new(reading.CpuPerMille / 1000m, reading.MemoryPerMille / 1000m, reading.LedgerQueue, reading.LiveCalls);

    public static string NameOf(LoadMeasure measure) => measure switch
    {
        LoadMeasure.Cpu => "cpu",
        LoadMeasure.Memory => "memory",
        LoadMeasure.LedgerQueue => "ledgerQueue",
        _ => "liveCalls",
    };
}
