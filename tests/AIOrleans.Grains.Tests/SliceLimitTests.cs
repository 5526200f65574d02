using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>Slices and the kinds of limits.</summary>
public class SliceLimitTests
{
    [Fact]
    public async Task A_slice_is_shown_and_has_at_most_one_percent_of_a_quota()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();

        HoldCommand hold = await host.MustHoldAsync(Ask());

        AccountView view = await host.Account(Tenant).ViewAsync();
        Assert.Equal((1, 10L, 1_000L), (view.Slices?.Count, view.Slices?.Requests, view.Slices?.Size.Cost.Value));
        Assert.Equal((1, 1_100L), (view.Live.Holds.Count, Assert.Single(view.Live.Quotas).Held));
        await host.SettleAsync(hold, tokens: 3, cost: 30);
        await host.WhenWholeAsync();
        Assert.Null((await host.Account(Tenant).ViewAsync()).Slices);
    }

    [Fact]
    public async Task What_a_call_did_not_use_is_left_to_the_next_of_its_slice()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync(("Leases:SliceRequestsMax", "100"));
        host.Directory.SetBudget(Tenant, 10_000);

        // One percent is one call of 100, which is no slice: small calls get one, and a large one fits into what they have not used.
        HoldCommand small = await host.MustHoldAsync(Ask(cost: 5));
        host.AccountFaults.Refuse(Tenant, nameof(IAccountGrain.HoldAsync));
        for (int i = 0; i < 10; i++)
        {
            await host.SettleAsync(await host.MustHoldAsync(Ask(cost: 40)), tokens: 1, cost: 1);
        }

        host.AccountFaults.End();
        await host.SettleAsync(small, tokens: 1, cost: 1);
        await host.EndsAtRestAsync();
    }

    [Fact]
    public async Task Unused_requests_and_tokens_of_a_slice_go_back_to_the_buckets()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync();

        // Rates that refill nothing: what comes back comes from the slice.
        host.Directory.SetLimits(Tenant, new LimitsConfig { RequestsPerMinute = 0, RequestBurst = 1_000, TokensPerMinute = 0, TokenBurst = 10_000 });
        HoldCommand first = await host.MustHoldAsync(Ask(tokens: 10));
        HoldCommand second = await host.MustHoldAsync(Ask(tokens: 10));
        HoldCommand third = await host.MustHoldAsync(Ask(tokens: 10));
        Assert.True((await host.LiveAsync(Tenant)).Buckets[0].LevelMicro < 990_000_000);

        await host.SettleAsync(first, tokens: 3, cost: 1);
        await host.SettleAsync(second, tokens: 4, cost: 1);
        await host.GiveBackAsync(third);
        await host.WhenWholeAsync();

        Assert.Equal([998_000_000, 9_993_000_000], (await host.LiveAsync(Tenant)).Buckets.Select(bucket => bucket.LevelMicro));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task Slots_of_a_slice_are_used_again()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { Concurrent = 17 });
        HoldCommand first = await host.MustHoldAsync(Ask());
        Assert.Equal(3, (await host.LiveAsync(Tenant)).Slots.Used);

        // Sixteen free slots give a slice of two: nine calls one after the other need no more.
        host.AccountFaults.Refuse(Tenant, nameof(IAccountGrain.HoldAsync));
        for (int i = 0; i < 9; i++)
        {
            await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
        }

        host.AccountFaults.End();
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.EndsAtRestAsync();
    }

    [Fact]
    public async Task A_changed_limit_applies_to_the_next_call()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());

        host.Directory.SetBudget(Tenant, 150);

        Assert.Equal(150, (await host.HoldAsync(Ask())).Denied?.Amount);
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.EndsAtRestAsync();
    }

    [Fact]
    public async Task Nobody_who_waits_in_line_is_overtaken_by_a_slice()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { Concurrent = 16 });
        HoldCommand[] held = [.. await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.MustHoldAsync(Ask())))];

        HoldReply waiting = await host.HoldAsync(Ask() with { Line = new LineAsk(Waited: TimeSpan.Zero, Patience: TimeSpan.FromSeconds(5)) });
        Assert.True(waiting.Denied?.Line?.IsWaiting);
        Assert.Null((await host.Account(Tenant).ViewAsync()).Slices);
        await host.SettleAsync(held[0], tokens: 1, cost: 1);

        Assert.False((await host.HoldAsync(Ask())).IsHeld);
        await Task.WhenAll(held.Skip(1).Select(hold => host.SettleAsync(hold, tokens: 1, cost: 1)));
    }
}
