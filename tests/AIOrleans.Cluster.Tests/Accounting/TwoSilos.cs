using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Accounting;

/// <summary>A silo in the test process and one in a process of its own, with a buyer on each, on a database of their own.</summary>
internal sealed class TwoSilos : IAsyncDisposable
{
    private const int PlacementsMax = 20;

    private readonly string connectionString;
    private readonly TenantBudget budget;

    private TwoSilos(string connectionString, TenantBudget budget, SiloInProcess local, SiloProcess remote)
    {
        this.connectionString = connectionString;
        this.budget = budget;
        Local = local;
        Remote = remote;
        Buyer = new Buyer(local.Grains, budget, TimeProvider.System);
        RemoteBuyer = local.Grains.GetGrain<IBuyerGrain>("here");
    }

    public SiloInProcess Local { get; }

    public SiloProcess Remote { get; }

    public Buyer Buyer { get; }

    public IBuyerGrain RemoteBuyer { get; private set; }

    public static async Task<TwoSilos> StartAsync(Database database, TenantBudget budget)
    {
        string connectionString = await database.CreateAsync();
        SiloInProcess local = await SiloInProcess.StartAsync(SiloSettings.Of(database, "budget") with { ConnectionString = connectionString });
        SiloProcess remote = await SiloProcess.StartAsync(SiloSettings.Of(database, "budget") with { ConnectionString = connectionString });
        await local.SeesActiveAsync(2);
        var two = new TwoSilos(connectionString, budget, local, remote);

        // As on a gateway that has served calls: nobody need look for its request worker where a killed silo was.
        await two.Buyer.RenewAsync([]);

        // A silo that has just joined may not be placed on yet: then the buyer came to life here, and another one is tried.
        for (int tries = 1; await two.RemoteBuyer.SiloAsync() != remote.Address; tries++)
        {
            Assert.True(tries < PlacementsMax, "No buyer could be placed on the other silo.");
            two.RemoteBuyer = local.Grains.GetGrain<IBuyerGrain>($"remote-{tries}");
            await Place.OnAsync(remote.Address, two.RemoteBuyer.SiloAsync);
        }

        return two;
    }

    /// <summary>Nano-dollars in the ledger.</summary>
    public Task<long> ChargedAsync() => NumberAsync("SELECT coalesce(sum(cost_nano), 0)::bigint FROM usage_event");

    /// <summary>Those of them that a keeper charged.</summary>
    public Task<long> EstimatedAsync() => NumberAsync("SELECT coalesce(sum(cost_nano), 0)::bigint FROM usage_event WHERE estimated = 1");

    public Task<long> OpenHoldsAsync() => NumberAsync("SELECT count(*) FROM hold");

    /// <summary>What the ledger counts for the tenant in the running month.</summary>
    public Task<long> WindowAsync() => NumberAsync(
        $"SELECT coalesce(sum(w.cost_nano), 0)::bigint FROM account_window w JOIN account a USING (account_no) WHERE a.name = '{budget.Tenant}' AND w.period = 4");

    /// <summary>The budget as the tenant's grain has it.</summary>
    public async Task<QuotaLive> QuotaAsync()
    {
        AccountView view = await Local.Grains.GetGrain<IAccountGrain>(budget.Tenant.ToString()).ViewAsync();
        return Assert.Single(view.Live.Quotas);
    }

    /// <summary>Buys until <paramref name="count"/> were granted, renewing them meanwhile, and makes sure that no more can be had.</summary>
    /// <remarks>An ask that failed may keep its money for one lease, so that the first denial need not be the last word.</remarks>
    public async Task<HoldId[]> BuyExactlyAsync(int count)
    {
        HashSet<HoldId> granted = [];
        await Eventually.Async(
            async () =>
            {
                await Buyer.RenewAsync(granted);
                granted.UnionWith(await Buyer.HoldAsync(5));
                return granted.Count;
            },
            bought => bought >= count,
            $"{count} granted calls");
        granted.UnionWith(await Buyer.HoldAsync(20));
        Assert.Equal(count, granted.Count);
        return [.. granted];
    }

    /// <summary>Waits until only <paramref name="living"/> are held, renewing them meanwhile.</summary>
    public async Task NoOtherHoldsAsync(HoldId[] living) => await Eventually.Async(
        async () =>
        {
            await Buyer.RenewAsync(living);
            return await OpenHoldsAsync();
        },
        open => open == living.Length,
        $"only {living.Length} holds");

    public async ValueTask DisposeAsync()
    {
        Remote.Dispose();
        await Local.DisposeAsync();
    }

    private async Task<long> NumberAsync(string sql) => (long)(await Database.ReadFromAsync(connectionString, sql) ?? 0L);
}
