using System.Collections.Immutable;
using AIOrleans.Contracts.Idempotency;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class TenancyTests
{
    private static readonly AccountId Foreign = AccountId.Parse("tenant:acme-2");

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_path_with_one_account_of_another_tenant_is_refused_and_nothing_is_held(int at)
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand forged = Ask();
        forged = forged with { Path = forged.Path.SetItem(at, Foreign) };

        await Assert.ThrowsAsync<ForeignTenantException>(() => host.HoldAsync(forged));

        Assert.Empty(host.Ledger.Holds);
        foreach (AccountId account in forged.Path)
        {
            Assert.Equal(0, (await host.LiveAsync(account)).Holds.Count);
        }
    }

    [Fact]
    public async Task A_whole_path_of_another_tenant_is_refused()
    {
        await using GrainHost host = await GrainHost.StartAsync();

        await Assert.ThrowsAsync<ForeignTenantException>(() => host.HoldAsync(Ask() with { Path = ImmutableArray.Create(Foreign) }));

        Assert.Equal(0, (await host.LiveAsync(Foreign)).Holds.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_refuses_by_itself_whoever_asks(bool isOutage)
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = Ask();
        var ask = new HoldAsk(hold.Id, hold.Operation, hold.Worst, hold.Expected, Noon + Lease) { CallerId = hold.Attribution.KeyId };

        await Assert.ThrowsAsync<ForeignTenantException>(() => isOutage ? host.Account(Foreign).HoldInOutageAsync(ask) : host.Account(Foreign).HoldAsync(ask));

        Assert.Equal(0, (await host.LiveAsync(Foreign)).Holds.Count);
        Assert.Null((await host.Account(Tenant).HoldAsync(ask)).Denied);
    }

    [Fact]
    public async Task An_idempotency_key_of_another_tenant_cannot_be_claimed()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        var claim = new ClaimCommand { RequestId = HoldId.New(Noon), Tenant = "acme", Fingerprint = "f", ExpiresAt = Noon.AddHours(1) };

        await Assert.ThrowsAsync<ForeignTenantException>(() => host.Grains.GetGrain<IIdempotencyGrain>("acme-2.eng.k1/00").ClaimAsync(claim));

        Assert.NotNull((await host.Grains.GetGrain<IIdempotencyGrain>("acme.eng.k1/00").ClaimAsync(claim)).State);
    }
}
