using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Contracts.Requests;
using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Accounting;

/// <summary>Strict budgets under calls from two silos on one PostgreSQL, with the product's own grains and ledger.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class BudgetAcrossSilosTests(Database database)
{
    /// <summary>Calls that the small budget pays for.</summary>
    private const int Affordable = 10;

    [PostgresFact]
    public async Task Fifty_calls_at_once_admit_exactly_ten()
    {
        await using TwoSilos two = await TwoSilos.StartAsync(database, TenantBudget.Small);
        long budget = TenantBudget.Small.AmountNano;

        HoldId[][] granted = await Task.WhenAll(two.Buyer.HoldAsync(25), two.RemoteBuyer.HoldAsync(25));

        Assert.Equal(Affordable, granted.Sum(holds => holds.Length));
        QuotaLive held = await two.QuotaAsync();
        Assert.Equal((0L, budget, 0L), (held.Used, held.Held, held.Remaining));

        await Task.WhenAll(granted.SelectMany(holds => holds).Select(two.Buyer.SettleAsync));

        QuotaLive settled = await two.QuotaAsync();
        Assert.Equal((budget, 0L, 0L), (settled.Used, settled.Held, settled.Remaining));
        Assert.Equal(budget, await two.ChargedAsync());
        Assert.Empty(await two.Buyer.HoldAsync(5));
    }

    [PostgresFact]
    public async Task A_denial_on_one_silo_explains_what_the_other_holds()
    {
        await using TwoSilos two = await TwoSilos.StartAsync(database, TenantBudget.Small);
        long budget = TenantBudget.Small.AmountNano;
        Assert.Equal(Affordable, (await two.RemoteBuyer.HoldAsync(Affordable)).Length);

        HoldReply reply = await two.Buyer.AskAsync(HoldId.New(TimeProvider.System.GetUtcNow()));

        Assert.NotNull(reply.Denied);
        Assert.Equal(
            (TenantBudget.Small.Tenant, LimitKind.Quota, 0L, budget, budget, Buyer.CostNano),
            (reply.Denied.Account, reply.Denied.Kind, reply.Denied.Used, reply.Denied.Held, reply.Denied.Amount, reply.Denied.Asked));
    }

    [PostgresFact]
    public async Task Calls_of_a_killed_silo_keep_their_money_and_are_charged_as_estimated()
    {
        const int Lost = 4;
        await using TwoSilos two = await TwoSilos.StartAsync(database, TenantBudget.Small);
        Assert.Equal(Lost, (await two.RemoteBuyer.HoldAsync(Lost)).Length);

        await two.Remote.KillAsync();

        HoldId[] granted = await two.BuyExactlyAsync(Affordable - Lost);
        await two.NoOtherHoldsAsync(granted);
        Assert.Equal(Lost * Buyer.CostNano, await two.EstimatedAsync());
        await Task.WhenAll(granted.Select(two.Buyer.SettleAsync));
        Assert.Equal(TenantBudget.Small.AmountNano, await two.ChargedAsync());
        QuotaLive quota = await two.QuotaAsync();
        Assert.Equal((TenantBudget.Small.AmountNano, 0L), (quota.Used, quota.Held));
    }

    [PostgresFact]
    public async Task A_silo_killed_while_both_buy_overspends_nothing_loses_nothing_and_leaves_no_hold()
    {
        await using TwoSilos two = await TwoSilos.StartAsync(database, TenantBudget.Large);
        long budget = TenantBudget.Large.AmountNano;

        await two.RemoteBuyer.BuyAsync(8);
        Task buying = two.Buyer.BuyAsync(8);
        long before = await Eventually.Async(two.ChargedAsync, charged => charged >= budget / 10, "a tenth of the budget to be spent");
        await two.Remote.KillAsync();
        Assert.True(before < budget, "The budget was spent before the kill: make it larger.");
        await buying;
        await two.NoOtherHoldsAsync([]);

        int left = (int)((budget - await two.ChargedAsync()) / Buyer.CostNano);
        HoldId[] rest = await two.BuyExactlyAsync(left);
        await Task.WhenAll(rest.Select(two.Buyer.SettleAsync));

        Assert.Equal(budget, await two.ChargedAsync());
        Assert.Equal(budget, await two.WindowAsync());
        Assert.Equal(0, await two.OpenHoldsAsync());
        QuotaLive quota = await two.QuotaAsync();
        Assert.Equal((budget, 0L), (quota.Used, quota.Held));
    }

    [PostgresFact]
    public async Task Usage_of_both_silos_is_heard_on_the_stream_of_the_tenant()
    {
        await using TwoSilos two = await TwoSilos.StartAsync(database, TenantBudget.Small);
        HoldId[][] granted = await Task.WhenAll(two.Buyer.HoldAsync(3), two.RemoteBuyer.HoldAsync(3));
        IUsageGrain usage = two.Local.Grains.GetGrain<IUsageGrain>(TenantBudget.Small.Name);

        await Task.WhenAll(granted.SelectMany(holds => holds).Select(two.Buyer.SettleAsync));

        UsageToday today = await Eventually.Async(usage.TodayAsync, seen => seen.EventsHeard == 6, "six events on the stream");
        Assert.Equal(6, today.Rows.Sum(row => row.Requests));
        Assert.Equal(6 * Buyer.CostNano, today.Rows.Sum(row => row.Cost.Value));
    }
}
