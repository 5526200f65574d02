using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class JournalingTests
{
    [Fact]
    public async Task A_call_goes_through_on_memory_and_is_in_the_ledger_once_when_it_is_back()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Ledger.Faults.IsAway = true;

        HoldReply reply = await host.HoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask(cost: 100));
        await host.SettleAsync(second, tokens: 4, cost: 40);

        Assert.True(reply.IsJournaled);
        AccountView view = await host.Account(Tenant).ViewAsync();
        Assert.Equal((1, 1, true), (view.Journaled?.Holds, view.Journaled?.Settlements, view.Journaled?.IsProvisional));
        Assert.Equal((1, 4L), (view.Live.Holds.Count, view.Live.Periods[0].Tokens));
        Assert.Empty(host.Ledger.Events);

        host.Ledger.Faults.IsAway = false;
        await host.WhenReplayedAsync();
        UsageEvent usage = Assert.Single(host.Ledger.Events);
        Assert.Equal((second.Id, 40L, true), (usage.HoldId, usage.Cost.Value, usage.Journaled));
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);
    }

    [Theory]
    [InlineData(AccountKind.Tenant)]
    [InlineData(AccountKind.User)]
    [InlineData(AccountKind.Key)]
    public async Task One_account_that_denies_refuses_for_the_whole_path(AccountKind kind)
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        AccountId denying = Path().Single(account => account.Kind == kind);
        host.Directory.SetLimits(denying, new LimitsConfig { OnStoreOutage = StoreOutagePolicy.Deny });
        host.Ledger.Faults.IsAway = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));

        Assert.Empty(host.Journal.Records);
    }

    [Fact]
    public async Task A_tenant_that_says_nothing_denies()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), new LimitsConfig { OnStoreOutage = StoreOutagePolicy.AllowAndJournal });
        host.Ledger.Faults.IsAway = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));
    }

    [Fact]
    public async Task Accounts_in_memory_keep_enforcing_their_limits()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetBudget(Org, 100);
        await host.SettleAsync(await host.MustHoldAsync(Ask(cost: 50)), tokens: 5, cost: 50);
        host.Ledger.Faults.IsAway = true;
        await host.SettleAsync(await host.MustHoldAsync(Ask(cost: 40)), tokens: 4, cost: 40);

        LimitFacts? denied = (await host.HoldAsync(Ask(cost: 20))).Denied;

        Assert.Equal((Org, 90L, 0L, 20L), (denied?.Account, denied?.Used, denied?.Held, denied?.Asked));
        Assert.Null((await host.HoldAsync(Ask(cost: 10))).Denied);
    }

    [Fact]
    public async Task Calls_held_before_the_outage_give_their_slots_back_during_it()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetLimits(User(), new LimitsConfig { Concurrent = 1 });
        HoldCommand before = await host.MustHoldAsync(Ask());
        host.Ledger.Faults.IsAway = true;

        await host.SettleAsync(before, tokens: 5, cost: 50);

        Assert.Null((await host.HoldAsync(Ask())).Denied);
        Assert.Equal(0, host.Settlements.WaitingCount);
        host.Ledger.Faults.IsAway = false;
        await host.WhenReplayedAsync();
        Assert.Equal(50, Assert.Single(host.Ledger.Events).Cost.Value);
        Assert.Empty(host.Ledger.Holds);
    }

    [Fact]
    public async Task A_hold_that_was_written_and_whose_answer_was_lost_is_one_hold()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
        host.Ledger.Faults.LoseAnswers(LedgerCall.Hold);

        HoldCommand hold = Ask(cost: 100);
        Assert.True((await host.HoldAsync(hold)).IsJournaled);

        Assert.Equal(hold.Id, Assert.Single(host.Ledger.Holds).Id);
        await host.SettleAsync(hold, tokens: 5, cost: 50);
        await host.WhenReplayedAsync();
        Assert.Equal([1L, 50L], host.Ledger.Events.Select(e => e.Cost.Value));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_full_journal_refuses_and_holds_nothing()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetLimits(Org, new LimitsConfig { Concurrent = 1 });
        host.Ledger.Faults.IsAway = true;
        host.Journal.IsFull = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));

        host.Journal.IsFull = false;

        Assert.Null((await host.HoldAsync(Ask())).Denied);
    }

    [Fact]
    public async Task A_settlement_that_the_journal_cannot_take_waits_for_the_ledger()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Ledger.Faults.IsAway = true;
        HoldCommand hold = await host.MustHoldAsync(Ask());
        host.Journal.IsFull = true;

        await host.SettleAsync(hold, tokens: 5, cost: 50);

        Assert.Equal(1, host.Settlements.WaitingCount);
        host.Ledger.Faults.IsAway = false;
        await host.WhenNothingWaitsAsync();
        await host.WhenReplayedAsync();
        Assert.Equal(50, Assert.Single(host.Ledger.Events).Cost.Value);
        await LiveAssert.IsAtRestAsync(host, Path());
    }
}
