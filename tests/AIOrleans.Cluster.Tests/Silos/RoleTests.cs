using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>A silo that serves calls and one that keeps the accounts.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class RoleTests(Database database)
{
    [PostgresFact]
    public async Task Calls_through_a_front_silo_hold_on_accounts_of_the_back_silo_only()
    {
        string connectionString = await database.CreateAsync();
        await using SiloInProcess back = await SiloInProcess.StartAsync(SiloSettings.Of(database, "roles") with { ConnectionString = connectionString, Role = "back" });
        await using SiloInProcess front = await SiloInProcess.StartAsync(SiloSettings.Of(database, "roles") with { ConnectionString = connectionString, Role = "front" });
        await front.SeesActiveAsync(2);
        TenantBudget budget = TenantBudget.Large;
        var buyer = new Buyer(front.Grains, budget, TimeProvider.System);

        HoldId[] granted = await buyer.HoldAsync(20);

        Assert.Equal(20, granted.Length);
        foreach (AccountId account in budget.Path)
        {
            AccountView view = await front.Grains.GetGrain<IAccountGrain>(account.ToString()).ViewAsync();
            Assert.Equal((NameOf(back), 20), (view.Silo, view.Live.Holds.Count));
        }
    }

    [PostgresFact]
    public async Task Without_a_back_silo_a_call_is_refused_as_unreachable()
    {
        string connectionString = await database.CreateAsync();
        await using SiloInProcess front = await SiloInProcess.StartAsync(SiloSettings.Of(database, "front-only") with { ConnectionString = connectionString, Role = "front" });
        var buyer = new Buyer(front.Grains, TenantBudget.Large, TimeProvider.System);

        HoldReply reply = await buyer.AskAsync(HoldId.New(TimeProvider.System.GetUtcNow()));

        Assert.False(reply.IsHeld);
        Assert.NotNull(reply.Unreachable);
    }

    private static string NameOf(SiloInProcess silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().Name;
}
