using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class HoldTests
{
    [Fact]
    public async Task A_hold_is_on_every_account_of_the_path_and_in_the_ledger()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = Ask(cost: 100, tokens: 10);

        HoldReply reply = await host.HoldAsync(hold);

        Assert.Null(reply.Denied);
        Assert.Equal(Noon + Lease, reply.LeaseUntil);
        Assert.Equal(Path(), Assert.Single(host.Ledger.Holds).Grants.Select(grant => grant.Account));
        foreach (AccountId account in Path())
        {
            AccountLive live = await host.LiveAsync(account);
            Assert.Equal((1, 1, hold.Worst), (live.Holds.Count, live.Slots.Used, live.Holds.Worst));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_concurrent_holds_of_100_against_a_strict_budget_of_1000_admit_exactly_10(bool isFast)
    {
        await using GrainHost host = isFast ? await GrainHost.StartFastAsync() : await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 1_000);
        HoldCommand[] asked = [.. Enumerable.Range(0, 50).Select(i => Ask(cost: 100, key: i % 8))];

        HoldReply[] replies = await Task.WhenAll(asked.Select(host.HoldAsync));

        HoldCommand[] held = [.. asked.Where((_, i) => replies[i].Denied is null)];
        Assert.Equal(10, held.Length);
        Assert.All(replies.Select(reply => reply.Denied).OfType<LimitFacts>(), denied => Assert.Equal(Tenant, denied.Account));
        Assert.Equal(1_000, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Held);
        await Task.WhenAll(held.Select((hold, i) => i % 2 == 0 ? host.SettleAsync(hold, tokens: 7, cost: 70) : host.GiveBackAsync(hold)));
        Assert.Equal(350, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Used);
        await LiveAssert.IsAtRestAsync(host, Enumerable.Range(0, 8).SelectMany(key => Path(key)).Distinct());
    }

    [Theory]
    [InlineData("tenant:acme")]
    [InlineData("team:acme.eng.t0")]
    [InlineData("key:acme.eng.k0")]
    public async Task A_denial_by_any_account_leaves_every_counter_as_it_was(string refusing)
    {
        await using GrainHost host = await GrainHost.StartAsync();
        var rates = new LimitsConfig { RequestsPerMinute = 60, TokensPerMinute = 1_000 };
        foreach (AccountId account in Path().Where(account => account.Kind != AccountKind.Model))
        {
            host.Directory.SetLimits(account, rates);
        }

        AccountId denier = AccountId.Parse(refusing);
        host.Directory.SetLimits(denier, rates with { Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, 99)] });
        AccountLive[] before = await LivesAsync(host);

        HoldReply reply = await host.HoldAsync(Ask(cost: 100));

        Assert.Equal((denier, "cost/month", 100L), (reply.Denied?.Account, reply.Denied?.Limit, reply.Denied?.Asked));
        Assert.Equivalent(before, await LivesAsync(host), strict: true);
        Assert.Empty(host.Ledger.Holds);
    }

    [Fact]
    public async Task A_request_that_was_given_back_counts_nowhere_and_gives_back_its_rate()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { RequestsPerMinute = 60, TokensPerMinute = 1_000 });
        AccountLive before = await host.LiveAsync(Tenant);
        HoldCommand hold = await host.MustHoldAsync(Ask());

        await host.GiveBackAsync(hold);

        Assert.Equivalent(before, await host.LiveAsync(Tenant), strict: true);
    }

    [Fact]
    public async Task A_settlement_above_its_hold_is_debt_that_the_next_hold_sees()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 1_000);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        await host.SettleAsync(hold, tokens: 1, cost: 1_001);

        LimitFacts? denied = (await host.HoldAsync(Ask(cost: 0))).Denied;
        Assert.Equal((1_001L, 0L), (denied?.Used, denied?.Held));
    }

    [Fact]
    public async Task A_changed_limit_applies_to_the_next_call_and_touches_no_counter()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await host.SettleAsync(await host.MustHoldAsync(Ask(cost: 100)), tokens: 3, cost: 60);
        HoldCommand open = await host.MustHoldAsync(Ask(cost: 40));

        host.Directory.SetBudget(Tenant, 199);

        // The quota of today counts what was used before it came.
        Assert.Equal((60L, 40L, 199L), (await host.HoldAsync(Ask(cost: 100))).Denied is { } facts ? (facts.Used, facts.Held, facts.Amount) : default);
        host.Directory.SetBudget(Tenant, 200);
        Assert.Null((await host.HoldAsync(Ask(cost: 100))).Denied);
        host.Directory.SetLimits(Tenant, LimitsConfig.None);
        await host.SettleAsync(open, tokens: 1, cost: 40);
        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((1, 100L), (live.Holds.Count, live.Holds.Worst.Cost.Value));
        LiveAssert.CountsAsTheLedger(host, live);
        Assert.Equal(1, live.Epoch);
    }

    private static Task<AccountLive[]> LivesAsync(GrainHost host) => Task.WhenAll(Path().Select(host.LiveAsync));
}
