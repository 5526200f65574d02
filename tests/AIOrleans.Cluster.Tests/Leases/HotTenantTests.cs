using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans.TestingHost;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>A tenant that several silos buy from at once, each from slices of its own, while silos come and go.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class HotTenantTests(Database database)
{
    private const int Lines = 8;

    private static readonly (string, string) SoonHot = ("Leases:AsksPerSecond", "20");

    [PostgresFact]
    public async Task A_strict_budget_is_spent_on_three_silos_to_the_last_call_and_never_over()
    {
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Hot, SoonHot);
        var stranded = new StrandedMoney(silos.ViewAsync);

        Task buying = Task.WhenAll(silos.Silos.Select(silo => silos.BuyerOn(silo).BuyAsync(Lines)));
        await stranded.WatchAsync(buying);
        await buying;

        await IsSpentAsync(silos);
        Assert.False(stranded.IsOver);
        Assert.InRange(stranded.PartsPerMillionMax, 1, 10_000);
    }

    [PostgresFact]
    public async Task A_silo_that_joins_helps_to_spend_the_budget_exactly()
    {
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Hot, SoonHot);
        Task buying = Task.WhenAll(silos.Silos.Select(silo => silos.BuyerOn(silo).BuyAsync(Lines)));
        await silos.SpentAsync(percent: 10);

        InProcessSiloHandle added = await silos.AddAsync();
        await silos.BuyerOn(added).BuyAsync(Lines);

        await buying;
        await IsSpentAsync(silos);
        Assert.Equal(0, await silos.EstimatedAsync());
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_stops_loses_no_call_and_no_money(bool keepsTheTenant)
    {
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Hot, SoonHot);
        InProcessSiloHandle keeper = await silos.KeeperAsync();
        InProcessSiloHandle leaving = keepsTheTenant ? keeper : silos.Silos.First(silo => silo != keeper);
        using var drained = new CancellationTokenSource();
        Task going = silos.BuyerOn(leaving).BuyAsync(Lines, drained.Token);
        Task staying = Task.WhenAll(silos.Silos.Where(silo => silo != leaving).Select(silo => silos.BuyerOn(silo).BuyAsync(Lines)));
        await silos.SpentAsync(percent: 10);

        // As a gateway that is asked to stop: what runs ends, and then the silo leaves.
        await drained.CancelAsync();
        await going;
        await silos.StopAsync(leaving);

        await staying;
        await IsSpentAsync(silos);
        Assert.Equal(0, await silos.EstimatedAsync());
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_of_a_silo_that_dies_with_its_slices_are_charged_as_estimated_and_the_rest_is_spent(bool keepsTheTenant)
    {
        const int Lost = 5;
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Hot, SoonHot);
        InProcessSiloHandle keeper = await silos.KeeperAsync();
        InProcessSiloHandle dying = keepsTheTenant ? keeper : silos.Silos.First(silo => silo != keeper);
        Buyer[] survivors = [.. silos.Silos.Where(silo => silo != dying).Select(silos.BuyerOn)];
        using var dead = new CancellationTokenSource();
        Task going = silos.BuyerOn(dying).BuyAsync(Lines, dead.Token);
        Task staying = Task.WhenAll(survivors.Select(buyer => buyer.BuyAsync(Lines)));
        await silos.SpentAsync(percent: 10);

        Assert.Equal(Lost, (await silos.BuyerOn(dying).HoldAsync(Lost)).Length);
        await dead.CancelAsync();
        await going;
        await silos.KillAsync(dying);

        // While the dead silo's calls keep their money, nobody can say that the budget is spent.
        await staying;
        await Eventually.Async(
            async () =>
            {
                await survivors[0].BuyAsync(Lines);
                return await silos.ChargedAsync();
            },
            charged => charged >= TenantBudget.Hot.AmountNano,
            "the whole budget to be spent");
        await IsSpentAsync(silos);
        Assert.Equal(Lost * Buyer.CostNano, await silos.EstimatedAsync());
    }

    [PostgresFact]
    public async Task A_silo_without_slices_is_as_exact()
    {
        await using SiloCluster silos = await SiloCluster.StartAsync(database, TenantBudget.Small, ("Leases:Enabled", "false"));

        Task<HoldId[]>[] holding = [.. silos.Silos.Select(silo => silos.BuyerOn(silo).HoldAsync(10))];

        Assert.Equal(10, (await Task.WhenAll(holding)).Sum(holds => holds.Length));
        Assert.Null((await silos.ViewAsync()).Slices);
    }

    private static async Task IsSpentAsync(SiloCluster silos)
    {
        long budget = TenantBudget.Hot.AmountNano;
        Assert.Equal(budget, await silos.ChargedAsync());
        QuotaLive quota = await silos.QuotaAtRestAsync();
        Assert.Equal((budget, 0L), (quota.Used, quota.Remaining));
    }
}
