using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>Accounts whose silo dies, as the request that asks them sees it.</summary>
public class UnreachableTests
{
    [Fact]
    public async Task An_account_that_lives_again_soon_is_waited_for()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 100);
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.HoldAsync), count: 2);

        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        await host.SettleAsync(hold, tokens: 1, cost: 100);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_whose_answer_was_lost_is_granted_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Org, new LimitsConfig { Concurrent = 1 });
        host.AccountFaults.LoseAnswers(Org, nameof(IAccountGrain.HoldAsync));

        await host.MustHoldAsync(Ask());

        Assert.Equal(1, (await host.LiveAsync(Org)).Slots.Used);
        Assert.Single(host.Ledger.Holds);
    }

    [Fact]
    public async Task An_account_that_stays_away_refuses_the_call_by_its_name_and_leaves_nothing_held()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.HoldAsync), before: () => host.Clock.Advance(TimeSpan.FromSeconds(4)));

        HoldReply reply = await host.HoldAsync(Ask());

        Assert.Equal((false, Org, null), (reply.IsHeld, reply.Unreachable, reply.Denied));
        host.AccountFaults.End();
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task What_an_account_granted_without_being_heard_is_taken_back_when_the_call_gives_up()
    {
        await using GrainHost host = await GrainHost.StartAsync(("AccountWaitSeconds", "1"));
        host.Directory.SetLimits(Org, new LimitsConfig { Concurrent = 1 });
        host.AccountFaults.LoseAnswers(Org, nameof(IAccountGrain.HoldAsync), int.MaxValue);
        Task<HoldReply> asking = host.HoldAsync(Ask());
        await Eventually.Async(() => host.LiveAsync(Org), live => live.Slots.Used == 1);
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Org, (await asking).Unreachable);

        host.AccountFaults.End();
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_cannot_be_taken_back_ends_with_its_lease()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.AccountFaults.LoseAnswers(Org, nameof(IAccountGrain.HoldAsync), int.MaxValue);
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.UndoAsync));
        Task<HoldReply> asking = host.HoldAsync(Ask());
        await Eventually.Async(() => host.LiveAsync(Org), live => live.Slots.Used == 1);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Org, (await asking).Unreachable);
        host.AccountFaults.End();
        Assert.Equal(1, (await host.LiveAsync(Org)).Holds.Count);

        host.Clock.Advance(Lease + TimeSpan.FromSeconds(1));

        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task An_account_that_cannot_be_told_of_a_settlement_is_told_later()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.SettleAsync), count: 2);

        await host.SettleAsync(hold, tokens: 1, cost: 100);

        AccountLive live = await host.LiveAsync(Org);
        Assert.Equal((0, 1L), (live.Holds.Count, live.Epoch));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task An_account_that_can_never_be_told_keeps_no_other_from_being_told()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask());
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.SettleAsync), before: () => host.Clock.Advance(TimeSpan.FromSeconds(4)));

        await host.SettleAsync(hold, tokens: 1, cost: 1);

        await LiveAssert.IsAtRestAsync(host, Path().Where(account => account != Org));
        Assert.Equal(1, (await host.LiveAsync(Org)).Holds.Count);
        host.Clock.Advance(Lease);
        await LiveAssert.IsAtRestAsync(host, Path());
    }
}
