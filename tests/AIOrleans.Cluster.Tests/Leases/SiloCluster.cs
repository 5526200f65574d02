using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;
using Orleans;
using Orleans.TestingHost;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>Silos of Orleans' TestingHost on a database of their own, which buy each through its own request worker. They come, go and die as a test says.</summary>
/// <remarks>Their table of silos, grain directory and network are TestingHost's, in memory; grains, ledger and everything else are the product's. Membership on PostgreSQL has tests of its own.</remarks>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly string connectionString;
    private readonly TenantBudget budget;
    private readonly InProcessTestCluster silos;

    private SiloCluster(string connectionString, TenantBudget budget, InProcessTestCluster silos)
    {
        this.connectionString = connectionString;
        this.budget = budget;
        this.silos = silos;
    }

    public IReadOnlyList<InProcessSiloHandle> Silos => silos.Silos;

    /// <summary>Three silos that see each other.</summary>
    public static async Task<SiloCluster> StartAsync(Database database, TenantBudget budget, params (string Name, string Value)[] options)
    {
        string connectionString = await database.CreateAsync();
        var builder = new InProcessTestClusterBuilder(3);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) =>
            (SiloSettings.Of(database, builder.Options.ClusterId) with { ConnectionString = connectionString, Options = options }).Compose(host));
        var cluster = new SiloCluster(connectionString, budget, builder.Build());
        await cluster.silos.DeployAsync();
        return cluster;
    }

    public Buyer BuyerOn(InProcessSiloHandle silo) => new(silo.ServiceProvider.GetRequiredService<IGrainFactory>(), budget, TimeProvider.System);

    public Task<InProcessSiloHandle> AddAsync() => silos.StartAdditionalSiloAsync();

    /// <summary>Stops a silo as its operator would.</summary>
    public Task StopAsync(InProcessSiloHandle silo) => silos.StopSiloAsync(silo);

    /// <summary>Ends a silo without letting it finish anything.</summary>
    public Task KillAsync(InProcessSiloHandle silo) => silos.KillSiloAsync(silo);

    /// <summary>The silo that has the tenant's account.</summary>
    public async Task<InProcessSiloHandle> KeeperAsync()
    {
        string keeper = (await ViewAsync()).Silo;
        return Silos.Single(silo => silo.Name == keeper);
    }

    /// <summary>The tenant as its grain has it.</summary>
    public Task<AccountView> ViewAsync() => silos.Client.GetGrain<IAccountGrain>(budget.Tenant.ToString()).ViewAsync();

    /// <summary>The tenant's budget, once nothing is held of it any more.</summary>
    public async Task<QuotaLive> QuotaAtRestAsync() => await Eventually.Async(
        async () => Assert.Single((await ViewAsync()).Live.Quotas), quota => quota.Held == 0, "slices to come back");

    /// <summary>Nano-dollars in the ledger.</summary>
    public Task<long> ChargedAsync() => NumberAsync("SELECT coalesce(sum(cost_nano), 0)::bigint FROM usage_event");

    /// <summary>Those of them that a keeper charged.</summary>
    public Task<long> EstimatedAsync() => NumberAsync("SELECT coalesce(sum(cost_nano), 0)::bigint FROM usage_event WHERE estimated = 1");

    /// <summary>Waits until a part of the budget is spent.</summary>
    public async Task SpentAsync(int percent)
    {
        long charged = await Eventually.Async(ChargedAsync, charged => charged * 100 >= budget.AmountNano * percent, $"{percent} % of the budget to be spent");
        Assert.True(charged < budget.AmountNano, "The budget was spent too early: make it larger.");
    }

    public async ValueTask DisposeAsync()
    {
        await silos.StopAllSilosAsync();
        await silos.DisposeAsync();
    }

    private async Task<long> NumberAsync(string sql) => (long)(await Database.ReadFromAsync(connectionString, sql) ?? 0L);
}
