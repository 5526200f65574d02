using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>A tenant that three silos buy from at once, each from slices of its own.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class HotTenantTests(Database database)
{
    [PostgresFact]
    public async Task A_strict_budget_is_spent_on_three_silos_to_the_last_call_and_never_over()
    {
        await using ThreeSilos three = await ThreeSilos.StartAsync(database, TenantBudget.Hot, ("Leases:AsksPerSecond", "20"));
        long budget = TenantBudget.Hot.AmountNano;
        var stranded = new StrandedMoney(three);

        Task buying = Task.WhenAll(three.Buyers.Select(buyer => buyer.BuyAsync(lines: 8)));
        await stranded.WatchAsync(buying);
        await buying;

        Assert.Equal(budget, await three.ChargedAsync());
        QuotaLive quota = await three.QuotaAtRestAsync();
        Assert.Equal((budget, 0L), (quota.Used, quota.Remaining));
        Assert.False(stranded.IsOver);
        Assert.InRange(stranded.PartsPerMillionMax, 1, 10_000);
    }

    [PostgresFact]
    public async Task A_silo_without_slices_is_as_exact()
    {
        await using ThreeSilos three = await ThreeSilos.StartAsync(database, TenantBudget.Small, ("Leases:Enabled", "false"));

        Task<Core.Ledger.HoldId[]>[] holding = [.. three.Buyers.Select(buyer => buyer.HoldAsync(10))];

        Assert.Equal(10, (await Task.WhenAll(holding)).Sum(holds => holds.Length));
        Assert.Null((await three.ViewAsync()).Slices);
    }
}
