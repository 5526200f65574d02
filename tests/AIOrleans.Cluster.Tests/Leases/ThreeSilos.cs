using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>Three silos in this process on a database of their own, with a buyer on each that buys through its silo's own request worker.</summary>
internal sealed class ThreeSilos : IAsyncDisposable
{
    private const int Count = 3;

    private readonly string connectionString;
    private readonly TenantBudget budget;
    private readonly List<SiloInProcess> silos = [];

    private ThreeSilos(string connectionString, TenantBudget budget)
    {
        this.connectionString = connectionString;
        this.budget = budget;
    }

    public IEnumerable<Buyer> Buyers => silos.Select(silo => new Buyer(silo.Grains, budget, TimeProvider.System));

    public static async Task<ThreeSilos> StartAsync(Database database, TenantBudget budget, params (string Name, string Value)[] options)
    {
        var three = new ThreeSilos(await database.CreateAsync(), budget);
        for (int i = 0; i < Count; i++)
        {
            three.silos.Add(await SiloInProcess.StartAsync(
                SiloSettings.Of(database, "hot") with { ConnectionString = three.connectionString },
                builder => Array.ForEach(options, option => builder.Configuration[option.Name] = option.Value)));
        }

        foreach (SiloInProcess silo in three.silos)
        {
            await silo.SeesActiveAsync(Count);
        }

        return three;
    }

    /// <summary>The tenant as its grain has it.</summary>
    public Task<AccountView> ViewAsync() => silos[0].Grains.GetGrain<IAccountGrain>(budget.Tenant.ToString()).ViewAsync();

    /// <summary>The tenant's budget, once nothing is held of it any more.</summary>
    public async Task<QuotaLive> QuotaAtRestAsync() => await Eventually.Async(
        async () => Assert.Single((await ViewAsync()).Live.Quotas), quota => quota.Held == 0, "slices to come back");

    /// <summary>Nano-dollars in the ledger.</summary>
    public async Task<long> ChargedAsync() =>
        (long)(await Database.ReadFromAsync(connectionString, "SELECT coalesce(sum(cost_nano), 0)::bigint FROM usage_event") ?? 0L);

    public async ValueTask DisposeAsync()
    {
        foreach (SiloInProcess silo in silos)
        {
            await silo.DisposeAsync();
        }
    }
}
