using AIOrleans.Core.Directory;
using AIOrleans.Core.Routing;

namespace AIOrleans.Core.Tests.Routing;

public class RouteRankingTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Lower_priority_numbers_come_first() =>
        Assert.Equal(["a", "b", "c"], Names(Rank(Route("c", priority: 2), Route("a", priority: 0), Route("b", priority: 1))));

    [Fact]
    public void Resting_deployments_come_last_whatever_their_priority() =>
        Assert.Equal(["b", "a"], Names(Rank(Route("a", priority: 0, isResting: true), Route("b", priority: 9))));

    [Fact]
    public void A_route_of_weight_3_comes_first_three_times_as_often_as_one_of_weight_1()
    {
        var random = new Random(1);
        int first = Enumerable.Range(0, Draws).Count(_ => RouteRanking.Rank([Route("a", weight: 3), Route("b", weight: 1)], random)[0].Route.Provider == "a");

        Assert.InRange(first / (double)Draws, 0.73, 0.77);
    }

    [Fact]
    public void A_route_of_weight_0_comes_after_all_others_of_its_priority()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Assert.Equal("z", Names(RouteRanking.Rank([Route("z", weight: 0), Route("a"), Route("b")], new Random(seed)))[^1]);
        }
    }

    [Fact]
    public void No_deployment_is_lost() => Assert.Equal(["a", "b", "c", "d"], Names(Rank(Route("d"), Route("b"), Route("c"), Route("a"))).Order());

    private static IReadOnlyList<RouteCandidate> Rank(params RouteCandidate[] candidates) => RouteRanking.Rank(candidates, new Random(7));

    private static string[] Names(IReadOnlyList<RouteCandidate> ranked) => [.. ranked.Select(candidate => candidate.Route.Provider)];

    private static RouteCandidate Route(string provider, int weight = 1, int priority = 0, bool isResting = false) => new(
        new RouteConfig(provider, "m", weight, priority),
        new ProviderConfig(provider, "simulated", null, null, null, ProviderTimeouts.Default, SimulationConfig.Default),
        isResting);
}
