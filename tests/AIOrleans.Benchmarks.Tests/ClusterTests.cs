using System.Text.Json;
using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Scenarios;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Tests;

public sealed class ClusterTests
{
    [Fact]
    public void Connections_take_turns_with_all_ports()
    {
        LoadPlan plan = new() { Host = "127.0.0.1", Port = 1, Keys = [], MorePorts = [2, 3] };
        Assert.Equal([1, 2, 3, 1, 2, 3, 1], Enumerable.Range(0, 7).Select(plan.PortOf));
        Assert.Equal(1, (plan with { MorePorts = [] }).PortOf(5));
    }

    [Fact]
    public void Only_accounts_that_live_count_where_they_live()
    {
        using JsonDocument cluster = JsonDocument.Parse(
            """
            { "activations": [ { "silo": "a", "kind": "Account", "count": 100 }, { "silo": "a", "kind": "Request", "count": 8 },
              { "silo": "b", "kind": "Account", "count": 68 }, { "silo": "c", "kind": "Account", "count": 0 } ] }
            """);
        Assert.Equal([("a", 100), ("b", 68)], ClusterCheck.AccountsBySilo(cluster.RootElement).Select(one => (one.Key, one.Value)).Order());
    }

    [Fact]
    public void The_cost_of_a_cluster_is_that_of_its_silos_together() => Assert.Equal(
        new ProcessCost(TimeSpan.FromSeconds(3), 30, 50, 7, 11),
        new ProcessCost(TimeSpan.FromSeconds(1), 10, 20, 3, 5) + new ProcessCost(TimeSpan.FromSeconds(2), 20, 30, 4, 6));

    [Theory]
    [InlineData(double.MaxValue, 7000, false)]
    [InlineData(7000, 5000, false)]
    [InlineData(5000, 4600, true)]
    [InlineData(5000, 5200, true)]
    public void A_cluster_is_warm_when_a_call_costs_no_less_than_before(double before, double now, bool isSteady) =>
        Assert.Equal(isSteady, SiloScenario.IsSteady(before, now));

#if !CLUSTER
    [Fact]
    public async Task Silos_in_the_Embedded_edition_are_refused_with_how_to_measure_them()
    {
        string folder = Directory.CreateTempSubdirectory("aiorleans-figures-").FullName;
        var output = new StringWriter();
        Assert.Equal(1, await BenchmarkCommand.RunAsync(["scale", "--only", "silos", "--results", folder], output));
        Assert.Contains("dotnet run -c Release -p:Edition=Cluster --project tests/AIOrleans.Benchmarks -- scale --only silos", output.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
#endif
}
