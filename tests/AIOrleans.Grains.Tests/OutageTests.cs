using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class OutageTests
{
    [Fact]
    public async Task Accounts_that_cannot_be_loaded_refuse_at_once_until_the_pause_is_over()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Ledger.Faults.IsAway = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));
        host.Ledger.Faults.IsAway = false;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));
        Assert.Equal(0, host.Ledger.Faults.CountOf(LedgerCall.Load));
        host.Clock.Advance(TimeSpan.FromSeconds(1.1));

        await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_the_ledger_could_not_take_is_given_back_when_it_can()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { RequestsPerMinute = 60, Concurrent = 1 });
        AccountLive before = await host.LiveAsync(Tenant);
        host.Ledger.Faults.Refuse(LedgerCall.Hold);
        host.Ledger.Faults.Refuse(LedgerCall.Settle);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));

        await host.Ledger.Faults.WhenAsync(LedgerCall.Settle, 1);
        await host.WhenNothingWaitsAsync();
        Assert.Equivalent(before, await host.LiveAsync(Tenant), strict: true);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_was_written_and_whose_answer_was_lost_is_given_back_without_charge()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 100);
        host.Ledger.Faults.LoseAnswers(LedgerCall.Hold);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask(cost: 100)));

        await host.Ledger.Faults.WhenAsync(LedgerCall.Settle, 1);
        await host.WhenNothingWaitsAsync();
        Assert.Equal((0, 0L, 503), host.Ledger.Events.Select(e => (e.Requests, e.Cost.Value, e.Status)).Single());
        await LiveAssert.IsAtRestAsync(host, Path());
        Assert.Null((await host.HoldAsync(Ask(cost: 100))).Denied);
    }

    [Fact]
    public async Task Settlements_wait_for_the_ledger_and_are_counted_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand[] holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.MustHoldAsync(Ask(key: i % 8))));
        host.Ledger.Faults.IsAway = true;
        await Task.WhenAll(holds.Select(hold => host.SettleAsync(hold, tokens: 3, cost: 30)));
        Assert.Equal(20, host.Settlements.WaitingCount);
        Assert.Empty(host.Ledger.Events);

        // Half of them are written at the first try after the outage, but nobody learns of it.
        host.Ledger.Faults.LoseAnswers(LedgerCall.Settle, 10);
        host.Ledger.Faults.IsAway = false;

        await host.WhenNothingWaitsAsync();
        Assert.Equal(20, host.Ledger.Events.Count);
        await LiveAssert.IsAtRestAsync(host, Enumerable.Range(0, 8).SelectMany(key => Path(key)).Distinct());
        await host.Ear.WhenAsync(20);
        Assert.Equal(20, host.Ear.Heard.DistinctBy(e => e.HoldId).Count());
    }

    [Fact]
    public async Task New_holds_are_refused_while_too_many_settlements_wait()
    {
        await using GrainHost host = await GrainHost.StartAsync(("PendingSettlementsMax", "100"));
        HoldCommand[] holds = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.MustHoldAsync(Ask())));
        host.Ledger.Faults.Refuse(LedgerCall.Settle, int.MaxValue);
        await Task.WhenAll(holds.Select(hold => host.SettleAsync(hold, tokens: 1, cost: 1)));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));

        Assert.Equal(100, host.Ledger.Faults.CountOf(LedgerCall.Hold));
        host.Ledger.Faults.End();
        await host.WhenNothingWaitsAsync();
        Assert.Null((await host.HoldAsync(Ask())).Denied);
    }

    [Fact]
    public async Task A_limit_is_not_blamed_while_holds_are_still_to_be_given_back()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { Concurrent = 1 });
        host.Ledger.Faults.Refuse(LedgerCall.Hold);
        LedgerStop stop = host.Ledger.Faults.Stop(LedgerCall.Settle);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));
        await stop.Reached;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.HoldAsync(Ask()));

        stop.Release();
        await host.WhenNothingWaitsAsync();
        Assert.Null((await host.HoldAsync(Ask())).Denied);
        Assert.Equal(LimitKind.Concurrent, (await host.HoldAsync(Ask())).Denied?.Kind);
    }

    [Fact]
    public async Task A_settlement_that_the_ledger_refuses_for_ever_does_not_stop_those_behind_it()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand wrong = await host.MustHoldAsync(Ask());
        HoldCommand right = await host.MustHoldAsync(Ask());
        host.Ledger.Faults.Refuse(LedgerCall.Settle, 2);
        host.Ledger.Faults.Reject(wrong.Id);

        await host.SettleAsync(wrong, tokens: 1, cost: 1);
        await host.SettleAsync(right, tokens: 2, cost: 2);

        await host.WhenNothingWaitsAsync();
        Assert.Equal(right.Id, Assert.Single(host.Ledger.Events).HoldId);
        Assert.Equal(wrong.Id, Assert.Single(host.Ledger.Holds).Id);
    }

    [Fact]
    public async Task Stopping_writes_what_still_waits()
    {
        GrainHost host = await GrainHost.StartAsync();
        HoldCommand[] holds = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.MustHoldAsync(Ask())));
        host.Ledger.Faults.IsAway = true;
        await Task.WhenAll(holds.Select(hold => host.SettleAsync(hold, tokens: 3, cost: 30)));
        LedgerStop stop = host.Ledger.Faults.Stop(LedgerCall.Settle);
        Task stopping = host.StopAsync();
        host.Ledger.Faults.IsAway = false;
        stop.Release();

        await stopping;

        Assert.Equal(10, host.Ledger.Events.Count);
        Assert.Empty(host.Ledger.Holds);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Overdue_holds_stay_held_while_the_ledger_cannot_say_what_became_of_them()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await host.MustHoldAsync(Ask());
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        host.Ledger.Faults.IsAway = true;

        AccountLive live = await host.LiveAsync(Tenant);

        Assert.Equal((1, 1L), (live.Holds.Count, live.Epoch));
    }
}
