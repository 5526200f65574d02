using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Core.Routing;
using AIOrleans.Core.Usage;
using BenchmarkDotNet.Attributes;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>What a call costs, and where it goes.</summary>
public class DecisionBenchmarks
{
    private static readonly ModelPrice Price = new()
    {
        Version = "1",
        Input = new TokenPrice(2_500_000),
        CachedInput = new TokenPrice(1_250_000),
        Output = new TokenPrice(10_000_000),
    };

    private static readonly TokenUsage Usage = new() { UncachedInput = 1234, CacheRead = 5678, Output = 910 };

    private readonly Random random = new(1);
    private readonly RouteCandidate[] routes = [RouteOf("a", 3, 0), RouteOf("b", 1, 0), RouteOf("c", 1, 1)];

    [Benchmark(Description = "price")]
    public NanoUsd PriceUsage() => Price.CostOf(Usage);

    [Benchmark(Description = "rank_three_routes")]
    public IReadOnlyList<RouteCandidate> RankRoutes() => RouteRanking.Rank(routes, random);

    private static RouteCandidate RouteOf(string provider, int weight, int priority) => new(
        new RouteConfig(provider, "m", weight, priority),
        new ProviderConfig(provider, "simulated", null, null, null, ProviderTimeouts.Default, SimulationConfig.Default),
        IsResting: false);
}
