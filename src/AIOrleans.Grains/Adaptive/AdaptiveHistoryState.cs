using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Adaptive;
using Orleans;

namespace AIOrleans.Grains.Adaptive;

/// <summary>What outlives a restart: the last changes, newest first.</summary>
[GenerateSerializer, Alias("aiorleans.adaptive-history")]
public sealed class AdaptiveHistoryState
{
    [Id(0)] public List<AdaptiveChangeState> Changes { get; set; } = [];
}

/// <summary>One change of the multiplier of one silo.</summary>
[GenerateSerializer, Alias("aiorleans.adaptive-change")]
public sealed class AdaptiveChangeState
{
    [Id(0)] public string Silo { get; set; } = "";

    [Id(1)] public DateTimeOffset At { get; set; }

    [Id(2)] public long CpuPerMille { get; set; }

    [Id(3)] public long MemoryPerMille { get; set; }

    [Id(4)] public long LedgerQueue { get; set; }

    [Id(5)] public long LiveCalls { get; set; }

    [Id(6)] public int FactorPerMille { get; set; }

    [Id(7)] public LoadMeasure Cause { get; set; }

    [Id(8)] public int FromPerMille { get; set; }

    [Id(9)] public int ToPerMille { get; set; }

    internal static AdaptiveChangeState Of(string silo, AdaptiveStep step) => new()
    {
        Silo = silo,
        At = step.At,
        CpuPerMille = step.Mean.CpuPerMille,
        MemoryPerMille = step.Mean.MemoryPerMille,
        LedgerQueue = step.Mean.LedgerQueue,
        LiveCalls = step.Mean.LiveCalls,
        FactorPerMille = step.FactorPerMille,
        Cause = step.Cause,
        FromPerMille = step.FromPerMille,
        ToPerMille = step.ToPerMille,
    };

    internal SiloStep ToStep() =>
        new(Silo, new AdaptiveStep(At, new LoadReading(CpuPerMille, MemoryPerMille, LedgerQueue, LiveCalls), FactorPerMille, Cause, FromPerMille, ToPerMille));
}
