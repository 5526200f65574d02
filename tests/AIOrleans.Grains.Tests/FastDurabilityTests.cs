using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class FastDurabilityTests
{
    [Fact]
    public async Task Holds_are_in_memory_only()
    {
        await using GrainHost host = await GrainHost.StartFastAsync();

        HoldCommand hold = await host.MustHoldAsync(Ask());

        Assert.Equal(0, host.Ledger.Faults.CountOf(LedgerCall.Hold));
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_load_takes_open_holds_and_bucket_levels_along()
    {
        await using GrainHost host = await GrainHost.StartFastAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig
        {
            TokensPerMinute = 600, Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, 1_000)],
        });
        HoldCommand[] open = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.MustHoldAsync(Ask(cost: 100, tokens: 10))));
        AccountLive before = await host.LiveAsync(Tenant);

        await host.Account(Tenant).ReloadAsync(1);

        AccountLive after = await host.LiveAsync(Tenant);
        Assert.Equivalent(before with { Epoch = 2 }, after, strict: true);
        Assert.Equal(5, (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.HoldAsync(Ask(cost: 100))))).Count(reply => reply.Denied is null));
        await Task.WhenAll(open.Select(hold => host.SettleAsync(hold, tokens: 1, cost: 10)));
        LiveAssert.CountsAsTheLedger(host, await host.LiveAsync(Tenant));
    }

    [Fact]
    public async Task A_settlement_that_a_load_may_have_seen_is_counted_once()
    {
        await using GrainHost host = await GrainHost.StartFastAsync();
        HoldCommand seen = await host.MustHoldAsync(Ask());
        HoldCommand other = await host.MustHoldAsync(Ask());
        var settlement = new Core.Ledger.Settlement(seen.Id, seen.Used(5, 50, Noon).Events, WindowStarts.At(Noon, TimeZoneInfo.Utc));
        await host.Ledger.SettleAsync(settlement, CancellationToken.None);
        await host.Account(Tenant).ReloadAsync(1);
        await host.LiveAsync(Tenant);

        await host.Account(Tenant).SettleAsync(TestNotices.Of(seen.Used(5, 50, Noon), isReplay: false));

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal(1, live.Holds.Count);
        LiveAssert.CountsAsTheLedger(host, live);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.SettleAsync(other, tokens: 1, cost: 1);
        LiveAssert.CountsAsTheLedger(host, await host.LiveAsync(Tenant));
    }
}
