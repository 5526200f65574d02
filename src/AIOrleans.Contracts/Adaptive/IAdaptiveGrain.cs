using System.Collections.Immutable;
using AIOrleans.Core.Adaptive;
using Orleans;

namespace AIOrleans.Contracts.Adaptive;

/// <summary>Where every silo says how busy it is, so that all of them can be seen from each. Key: 0. Decides nothing.</summary>
[Alias("aiorleans.adaptive")]
public interface IAdaptiveGrain : IGrainWithIntegerKey
{
    /// <summary>Notes what a silo has just measured and, once a minute, decided.</summary>
    [Alias("report")]
    Task ReportAsync(SiloLoad load);

    /// <summary>The silos that were heard of lately, and the last changes of any.</summary>
    [Alias("view")]
    Task<AdaptiveView> ViewAsync();
}

/// <summary>How busy one silo is, and what that makes of the rates of the accounts that live on it.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.silo-load")]
public sealed record SiloLoad
{
    [Id(0)] public required string Silo { get; init; }

    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>The newest sample.</summary>
    [Id(2)] public required LoadReading Sample { get; init; }

    [Id(3)] public required LoadReading Targets { get; init; }

    /// <summary>In force for the adaptive limits of accounts on this silo; 1000 is as configured.</summary>
    [Id(4)] public required int MultiplierPerMille { get; init; }

    /// <summary>What was decided with this sample; null between two steps.</summary>
    [Id(5)] public AdaptiveStep? Step { get; init; }
}

/// <summary>A step of one silo.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.silo-step")]
public sealed record SiloStep([property: Id(0)] string Silo, [property: Id(1)] AdaptiveStep Step);

/// <summary>The load of all silos.</summary>
/// <param name="Silos">By name.</param>
/// <param name="Recent">The last steps, newest first, also those that changed nothing; since the grain woke up.</param>
/// <param name="Changes">The last changes of a multiplier, newest first; kept over restarts.</param>
[GenerateSerializer, Immutable, Alias("aiorleans.adaptive-view")]
public sealed record AdaptiveView(
    [property: Id(0)] ImmutableArray<SiloLoad> Silos,
    [property: Id(1)] ImmutableArray<SiloStep> Recent,
    [property: Id(2)] ImmutableArray<SiloStep> Changes);
