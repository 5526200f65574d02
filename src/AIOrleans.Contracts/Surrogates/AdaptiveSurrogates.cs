using AIOrleans.Core.Adaptive;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.load-reading")]
public struct LoadReadingSurrogate
{
    [Id(0)] public long CpuPerMille;
    [Id(1)] public long MemoryPerMille;
    [Id(2)] public long LedgerQueue;
    [Id(3)] public long LiveCalls;
}

[RegisterConverter]
public sealed class LoadReadingConverter : IConverter<LoadReading, LoadReadingSurrogate>
{
    public LoadReading ConvertFromSurrogate(in LoadReadingSurrogate s) => new(s.CpuPerMille, s.MemoryPerMille, s.LedgerQueue, s.LiveCalls);

    public LoadReadingSurrogate ConvertToSurrogate(in LoadReading value) => new()
    {
        CpuPerMille = value.CpuPerMille,
        MemoryPerMille = value.MemoryPerMille,
        LedgerQueue = value.LedgerQueue,
        LiveCalls = value.LiveCalls,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.adaptive-step")]
public struct AdaptiveStepSurrogate
{
    [Id(0)] public DateTimeOffset At;
    [Id(1)] public LoadReading Mean;
    [Id(2)] public int FactorPerMille;
    [Id(3)] public LoadMeasure Cause;
    [Id(4)] public int FromPerMille;
    [Id(5)] public int ToPerMille;
}

[RegisterConverter]
public sealed class AdaptiveStepConverter : IConverter<AdaptiveStep, AdaptiveStepSurrogate>
{
    public AdaptiveStep ConvertFromSurrogate(in AdaptiveStepSurrogate s) => new(s.At, s.Mean, s.FactorPerMille, s.Cause, s.FromPerMille, s.ToPerMille);

    public AdaptiveStepSurrogate ConvertToSurrogate(in AdaptiveStep value) => new()
    {
        At = value.At,
        Mean = value.Mean,
        FactorPerMille = value.FactorPerMille,
        Cause = value.Cause,
        FromPerMille = value.FromPerMille,
        ToPerMille = value.ToPerMille,
    };
}
