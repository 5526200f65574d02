using AIOrleans.Benchmarks.Capacity;

namespace AIOrleans.Core.Tests.Capacity;

/// <summary>The arithmetic behind docs/scale.md.</summary>
public sealed class CapacityPlanTests
{
    /// <summary>Round numbers, so that what follows can be reckoned by hand.</summary>
    private static readonly CapacityCosts Costs = new()
    {
        RequestMicros = 500, RemoteMicros = 0, MessagesPerRequest = 10, MessageBytes = 500, CallBytes = 10_000, RecordBytes = 1_000, ActiveBytes = 10_000,
        WalBytesPerPair = 4_000, StoredBytesPerPair = 1_000, PairsPerDatabase = 10_000, PairsPerAccount = 5_000, SiloProcessors = 10, BusyPercent = 50,
        SiloMemoryBytes = 20_000_000_000, MemoryPercent = 50, SiloNetworkBytesPerSecond = 1_000_000_000, WalBytesPerSecond = 100_000_000,
        ConnectionsPerSilo = 10, ConnectionsPerDatabase = 1_000, SilosPerCell = 50,
    };

    [Fact]
    public void Processors_are_shared_out_and_one_silo_is_spare()
    {
        // 20,000 calls of 500 us are ten processors; a silo gives five of its ten.
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(20_000, 1_000, 0, 10), Costs);

        Assert.Equal((2, 3), (plan.SilosByProcessor, plan.Silos));
    }

    [Fact]
    public void More_silos_have_more_of_their_accounts_elsewhere()
    {
        // With four silos three of four messages are remote: 500 + 10 * 100 * 3 / 4 = 1250 us, and 16,000 of them are exactly 4 * 5 processors.
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(16_000, 1_000, 0, 10), Costs with { RemoteMicros = 100 });

        Assert.Equal(4, plan.SilosByProcessor);
    }

    [Fact]
    public void The_directory_is_whole_on_each_silo_and_accounts_share_what_it_leaves()
    {
        // Of 10 GB the directory takes 9, and a million active accounts of 10 kB want ten times the last one.
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(1, 9_000_000, 0, 12), Costs);

        Assert.Equal((9_000_000_000, true, 11), (plan.DirectoryBytes, plan.DirectoryFits, plan.SilosByMemory));
        Assert.Empty(plan.Saturated);
    }

    [Fact]
    public void A_directory_beyond_a_silos_memory_is_saturated_unless_it_is_loaded_in_part()
    {
        var demand = new CapacityDemand(1, 10_000_000, 0, 1);

        Assert.Equal(["directory"], CapacityPlan.Of(demand, Costs).Saturated);
        Assert.Empty(CapacityPlan.Of(demand, Costs with { DirectoryPercent = 20 }).Saturated);
    }

    [Theory]
    [InlineData(10_000, 1, 1)]
    [InlineData(10_001, 2, 1)]
    [InlineData(25_001, 3, 2)]
    public void Databases_follow_commits_and_log(long requests, long byPairs, long byWal)
    {
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(requests, 1, 0, 0), Costs);

        Assert.Equal((byPairs, byWal), (plan.DatabasesByPairs, plan.DatabasesByWal));
        Assert.Equal(byPairs > 1, plan.Saturated.Contains("ledger commits"));
        Assert.Equal(byWal > 1, plan.Saturated.Contains("ledger log"));
    }

    [Fact]
    public void Silos_beyond_what_one_database_lets_connect_are_told()
    {
        // 1,000,000 a second want 100 silos and the spare one: 1,010 connections, and three tables of members.
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(1_000_000, 1, 0, 0), Costs);

        Assert.Equal((101, 2, 3), (plan.Silos, plan.DatabasesByConnections, plan.Cells));
        Assert.Equal(["ledger commits", "ledger log", "connections", "membership"], plan.Saturated);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(75, 1)]
    [InlineData(100, 0)]
    public void Leases_take_calls_off_a_hot_tenant(int leasedPercent, long accounts)
    {
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(100_000, 1, 20, 0), Costs with { LeasedPercent = leasedPercent });

        Assert.Equal((20_000, accounts), (plan.HotPairsPerSecond, plan.HotAccounts));
    }

    [Fact]
    public void What_stays_of_a_day_is_told() =>
        Assert.Equal(86_400_000_000, CapacityPlan.Of(new CapacityDemand(1_000, 1, 0, 0), Costs).StoredBytesPerDay);

    [Fact]
    public void Nothing_overflows_at_the_largest_demand_that_can_be_asked_for()
    {
        CapacityPlan plan = CapacityPlan.Of(new CapacityDemand(1_000_000_000, 1_000_000_000, 100, 100), new CapacityCosts());

        Assert.True(plan is { Silos: > 0, Databases: > 0, StoredBytesPerDay: > 0 });
    }
}
