using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class HoldExtensionTests
{
    [Fact]
    public async Task A_hold_grows_on_every_account_and_in_the_ledger_and_takes_no_second_slot()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));

        Assert.True((await host.ExtendAsync(hold, cost: 250, tokens: 25)).IsExtended);

        Assert.Equal(Size(25, 250), Assert.Single(host.Ledger.Holds).Worst);
        foreach (AccountId account in Path())
        {
            AccountLive live = await host.LiveAsync(account);
            Assert.Equal((1, 1, Size(25, 250), Size(25, 250)), (live.Slots.Used, live.Holds.Count, live.Holds.Worst, live.Holds.Expected));
        }

        await host.SettleAsync(hold, tokens: 20, cost: 200);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task The_same_total_twice_is_counted_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 250);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        Assert.True((await host.ExtendAsync(hold, cost: 250)).IsExtended);
        Assert.True((await host.ExtendAsync(hold, cost: 250)).IsExtended);

        Assert.Equal(250, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Held);
    }

    [Fact]
    public async Task Where_one_account_has_no_room_nothing_changes_anywhere()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), new LimitsConfig { TokensPerMinute = 600 });
        host.Directory.SetBudget(Tenant, 200);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));
        AccountLive before = await host.LiveAsync(Key());

        ExtendReply reply = await host.ExtendAsync(hold, cost: 201, tokens: 20);

        Assert.Equal((Tenant, 101L), (reply.Denied?.Account, reply.Denied?.Asked));
        Assert.Equivalent(before, await host.LiveAsync(Key()), strict: true);
        foreach (AccountId account in Path())
        {
            Assert.Equal(Size(10, 100), (await host.LiveAsync(account)).Holds.Worst);
        }

        Assert.Equal(Size(10, 100), Assert.Single(host.Ledger.Holds).Worst);
    }

    [Fact]
    public async Task An_orphan_of_a_hold_that_grew_is_charged_what_it_grew_to()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));
        await host.ExtendAsync(hold, cost: 250, tokens: 25);
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));

        await host.Keeper.SweepAsync(CancellationToken.None);

        UsageEvent estimate = Assert.Single(host.Ledger.Events);
        Assert.Equal((true, 250L, 25L), (estimate.Estimated, estimate.Cost.Value, estimate.Usage.Total));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task An_account_that_another_silo_has_loaded_is_asked_anew()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 250);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        await host.LoadBehindItsBackAsync(Tenant);

        Assert.True((await host.ExtendAsync(hold, cost: 250)).IsExtended);

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((host.Ledger.EpochOf(Tenant), 250L), (live.Epoch, live.Holds.Worst.Cost.Value));
        Assert.Equal(250, Assert.Single(host.Ledger.Holds).Worst.Cost.Value);
    }

    [Fact]
    public async Task Two_activations_of_one_account_never_give_the_same_room_twice()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 250);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        // Another silo activates the tenant and gives the rest away; ours still believes that it is the only one.
        AccountSnapshot rival = await host.LoadBehindItsBackAsync(Tenant);
        HoldCommand other = Ask(cost: 150);
        await host.Ledger.HoldAsync(
            new DurableHold
            {
                Id = other.Id, Grants = [new AccountGrant(Tenant, rival.Epoch)], Worst = other.Worst, Expected = other.Expected, Operation = "chat",
                LeaseUntil = Noon + Lease, HeldAt = Noon, Owner = "rival", Attribution = other.Attribution,
            },
            CancellationToken.None);

        ExtendReply reply = await host.ExtendAsync(hold, cost: 250);

        Assert.Equal(Tenant, reply.Denied?.Account);
        Assert.Equal(250, host.Ledger.Holds.Sum(open => open.Worst.Cost.Value));
        foreach (AccountId account in Path()[1..])
        {
            Assert.Equal(100, (await host.LiveAsync(account)).Holds.Worst.Cost.Value);
        }
    }

    [Fact]
    public async Task While_the_ledger_is_away_no_hold_grows()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        host.Ledger.Faults.IsAway = true;

        ExtendReply reply = await host.ExtendAsync(hold, cost: 250);

        Assert.False(reply.IsExtended);
        Assert.Null(reply.Denied);
        host.Ledger.Faults.End();
        Assert.Equal(100, Assert.Single(host.Ledger.Holds).Worst.Cost.Value);
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_only_the_journal_has_does_not_grow()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Ledger.Faults.IsAway = true;
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        Assert.NotNull((await host.ExtendAsync(hold, cost: 250)).Unavailable);
        host.Ledger.Faults.IsAway = false;
        await host.WhenReplayedAsync();
        Assert.NotNull((await host.ExtendAsync(hold, cost: 250)).Unavailable);

        Assert.Equal(100, (await host.LiveAsync(Tenant)).Holds.Worst.Cost.Value);
        Assert.Equal(0, host.Ledger.Faults.CountOf(LedgerCall.Extend));
    }

    [Fact]
    public async Task Nobody_is_refused_for_holds_that_wait_to_be_settled()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 250);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        HoldCommand ended = await host.MustHoldAsync(Ask(cost: 100));
        host.Ledger.Faults.Refuse(LedgerCall.Settle, 1_000);
        await host.SettleAsync(ended, tokens: 1, cost: 1);

        ExtendReply reply = await host.ExtendAsync(hold, cost: 200);

        Assert.Null(reply.Denied);
        Assert.NotNull(reply.Unavailable);
    }

    [Fact]
    public async Task When_nobody_knows_whether_it_was_written_accounts_hold_no_less_than_the_ledger()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 250);
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        host.Ledger.Faults.LoseAnswers(LedgerCall.Extend);

        Assert.False((await host.ExtendAsync(hold, cost: 250)).IsExtended);

        // An orphan would be charged 250 now: nobody else may get a part of it.
        Assert.Equal(250, Assert.Single(host.Ledger.Holds).Worst.Cost.Value);
        Assert.Equal(Tenant, (await host.HoldAsync(Ask(cost: 1))).Denied?.Account);
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task An_account_out_of_reach_leaves_the_others_as_they_were()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        host.AccountFaults.Refuse(Org, nameof(IAccountGrain.ExtendAsync));

        ExtendReply reply = await host.ExtendAsync(hold, cost: 250);

        Assert.Contains(Org.ToString(), reply.Unavailable, StringComparison.Ordinal);
        Assert.Equal(100, (await host.LiveAsync(Key())).Holds.Worst.Cost.Value);
        Assert.Equal(100, Assert.Single(host.Ledger.Holds).Worst.Cost.Value);
    }

    [Fact]
    public async Task A_hold_that_has_ended_does_not_grow()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        await host.SettleAsync(hold, tokens: 1, cost: 1);

        Assert.False((await host.ExtendAsync(hold, cost: 250)).IsExtended);

        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_its_keeper_has_settled_unseen_does_not_grow()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        var settlement = new Settlement(hold.Id, hold.Used(5, 50, Noon).Events, WindowStarts.At(Noon, TimeZoneInfo.Utc));
        await host.Ledger.SettleAsync(settlement, CancellationToken.None);

        Assert.False((await host.ExtendAsync(hold, cost: 250)).IsExtended);

        Assert.Equal(100, (await host.LiveAsync(Tenant)).Holds.Worst.Cost.Value);
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task Under_fast_durability_a_load_takes_the_larger_hold_along()
    {
        await using GrainHost host = await GrainHost.StartFastAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));

        Assert.True((await host.ExtendAsync(hold, cost: 250)).IsExtended);
        await host.Account(Tenant).ReloadAsync(1);

        Assert.Equal(0, host.Ledger.Faults.CountOf(LedgerCall.Extend));
        Assert.Equal(250, (await host.LiveAsync(Tenant)).Holds.Worst.Cost.Value);
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    private static HoldSize Size(long tokens, long cost) => new(tokens, new NanoUsd(cost));
}
