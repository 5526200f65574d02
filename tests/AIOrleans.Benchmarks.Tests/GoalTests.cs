using AIOrleans.Benchmarks.Report;
using AIOrleans.Benchmarks.Results;

namespace AIOrleans.Benchmarks.Tests;

public sealed class GoalTests
{
    [Fact]
    public void The_first_event_is_judged_by_what_the_gateway_adds_and_told_whole_beside_it()
    {
        Goal goal = Goal.All.Single(goal => goal.Figure == "streams.strict.first_event_added_p99");
        Dictionary<string, Figure> figures = new Figure[]
        {
            new("streams.strict.first_event_added_p99", 0.8, 0.5, 1.1, "ms"), new("streams.strict.first_event_p99", 1.9, 1.9, 1.9, "ms"),
            new("streams.forwarder.first_event_p99", 1.1, 1, 1.4, "ms"),
        }.ToDictionary(figure => figure.Name);
        Assert.Equal(
            "| stream: first event, p99, added over the bare forwarder's of the same round | at most 1 ms | 0.8 ms (0.5 to 1.1); "
            + "in all, from the provider's write to the client: 1.9 ms; the bare forwarder's: 1.1 ms (1 to 1.4) | reached |",
            BenchmarkReport.GoalRow(goal, figures));
    }

    [Fact]
    public void A_goal_that_was_not_measured_is_neither_reached_nor_missed() =>
        Assert.Equal("| w | at least 2 | not measured | |", BenchmarkReport.GoalRow(new Goal("w", "f", 2, true), new Dictionary<string, Figure>()));
}
