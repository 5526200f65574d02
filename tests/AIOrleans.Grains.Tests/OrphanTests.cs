using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class OrphanTests
{
    private static readonly TimeSpan Overdue = Lease + TimeSpan.FromSeconds(2);

    [Fact]
    public async Task An_orphan_is_settled_once_as_estimated_by_its_worst_case()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));
        host.Clock.Advance(Overdue);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Keeper.SweepAsync(CancellationToken.None)));

        UsageEvent estimate = Assert.Single(host.Ledger.Events);
        Assert.Equal((hold.Id, true, 1, 100L, 10L), (estimate.HoldId, estimate.Estimated, estimate.Requests, estimate.Cost.Value, estimate.Usage.Total));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task The_true_usage_of_an_orphan_replaces_the_estimate_in_ledger_and_accounts()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));
        host.Clock.Advance(Overdue);
        await host.Keeper.SweepAsync(CancellationToken.None);

        await host.SettleAsync(hold, tokens: 4, cost: 40);

        Assert.Equal((false, 40L), host.Ledger.Events.Select(e => (e.Estimated, e.Cost.Value)).Single());
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task The_accounts_learn_of_the_true_usage_though_the_silo_that_wrote_it_died_before_it_told_them()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100, tokens: 10));
        host.Clock.Advance(Overdue);
        await host.Keeper.SweepAsync(CancellationToken.None);
        await LiveAssert.IsAtRestAsync(host, Path());

        var truth = new Settlement(hold.Id, hold.Used(4, 40, Noon).Events, WindowStarts.At(Noon, TimeZoneInfo.Utc));
        await host.Ledger.SettleAsync(truth, CancellationToken.None);
        await host.Corrections.TellAsync(CancellationToken.None);

        Assert.Equal((false, 40L), host.Ledger.Events.Select(e => (e.Estimated, e.Cost.Value)).Single());
        await LiveAssert.IsAtRestAsync(host, Path());
        long epoch = (await host.LiveAsync(Tenant)).Epoch;
        await host.Corrections.TellAsync(CancellationToken.None);
        Assert.Equal(epoch, (await host.LiveAsync(Tenant)).Epoch);
    }

    [Fact]
    public async Task More_orphans_than_one_look_reads_are_all_settled()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 1_100).Select(i => host.MustHoldAsync(Ask(key: i % 8))));
        host.Clock.Advance(Overdue);

        await host.Keeper.SweepAsync(CancellationToken.None);

        Assert.Equal(1_100, host.Ledger.Events.Count);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task Orphans_that_cannot_be_written_are_left_to_the_next_look_and_never_queued()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand wrong = await host.MustHoldAsync(Ask());
        await host.MustHoldAsync(Ask());
        host.Clock.Advance(Overdue);
        host.Ledger.Faults.Reject(wrong.Id);
        host.Ledger.Faults.Refuse(LedgerCall.Settle, 2);

        await host.Keeper.SweepAsync(CancellationToken.None);
        Assert.Equal(0, host.Settlements.WaitingCount);
        await host.Keeper.SweepAsync(CancellationToken.None);

        Assert.Single(host.Ledger.Events);
        Assert.Equal(wrong.Id, Assert.Single(host.Ledger.Holds).Id);
    }

    [Fact]
    public async Task A_lost_settle_notice_heals_after_the_lease()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        var settlement = new Settlement(hold.Id, hold.Used(5, 50, Noon).Events, WindowStarts.At(Noon, TimeZoneInfo.Utc));
        await host.Ledger.SettleAsync(settlement, CancellationToken.None);
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);

        host.Clock.Advance(Overdue);

        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_renewal_prolongs_the_lease_in_the_ledger_and_in_every_account()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask());
        HoldCommand ended = await host.MustHoldAsync(Ask());
        await host.SettleAsync(ended, tokens: 1, cost: 1);
        host.Clock.Advance(TimeSpan.FromSeconds(20));

        await host.RenewAsync(hold, ended);

        DateTimeOffset until = host.Clock.Now + Lease;
        Assert.Equal(until, Assert.Single(host.Ledger.Holds).LeaseUntil);
        foreach (AccountId account in Path())
        {
            HoldsLive holds = (await host.LiveAsync(account)).Holds;
            Assert.Equal((1, until), (holds.Count, holds.EarliestLeaseUntil));
        }

        // The first lease is over, and nobody mistakes the hold for an orphan.
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        await host.Keeper.SweepAsync(CancellationToken.None);
        Assert.Equal(1L, (await host.LiveAsync(Tenant)).Epoch);
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }
}
