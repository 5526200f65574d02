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

/// <summary>What was journaled comes to the ledger once, and to the accounts with it.</summary>
public class JournalReplayTests
{
    [Fact]
    public async Task Calls_settled_after_the_outage_count_once_and_leave_nothing_behind()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Ledger.Faults.IsAway = true;
        HoldCommand[] holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.MustHoldAsync(Ask(key: i % 8))));
        host.Ledger.Faults.IsAway = false;
        await host.WhenBackAsync();
        Assert.Equal(20, host.Journal.Records.Count);

        await Task.WhenAll(holds.Select(hold => host.SettleAsync(hold, tokens: 3, cost: 30)));

        await host.WhenReplayedAsync();
        Assert.Equal(20, host.Ledger.Events.Count);
        Assert.Empty(host.Journal.Records);
        await LiveAssert.IsAtRestAsync(host, Enumerable.Range(0, 8).SelectMany(key => Path(key)).Distinct());
        await host.Ear.WhenAsync(20);
    }

    [Fact]
    public async Task A_load_between_the_outage_and_the_replay_forgets_nothing()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetBudget(Org, 100);
        HoldCommand before = await host.MustHoldAsync(Ask(cost: 20));
        host.Ledger.Faults.Refuse(LedgerCall.Settle, int.MaxValue);
        await host.SettleAsync(before, tokens: 1, cost: 10);
        HoldCommand open = await host.MustHoldAsync(Ask(cost: 30));

        await host.Account(Org).ReloadAsync(1);
        host.Ledger.Faults.Refuse(LedgerCall.Renew, int.MaxValue);
        AccountAnswer answer = await host.Account(Org).HoldAsync(AskOf(Ask(cost: 61)));

        Assert.Equal((2L, 10L, 30L), (answer.Epoch, answer.Denied?.Used, answer.Denied?.Held));
        host.Ledger.Faults.End();
        await host.SettleAsync(open, tokens: 3, cost: 30);
        await host.WhenReplayedAsync();
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_dead_process_leaves_exact_settlements_and_charges_the_rest_as_estimated()
    {
        GrainHost dead = await GrainHost.StartAllowingAsync();
        dead.Ledger.Faults.IsAway = true;
        HoldCommand settled = await dead.MustHoldAsync(Ask(cost: 100));
        HoldCommand open = await dead.MustHoldAsync(Ask(cost: 70));
        await dead.SettleAsync(settled, tokens: 4, cost: 40);
        await dead.DisposeAsync();
        dead.Ledger.Faults.IsAway = false;

        await using GrainHost host = await GrainHost.StartAfterAsync(dead);

        Assert.Equal(
            [(settled.Id, 40L, false), (open.Id, 70L, true)],
            host.Ledger.Events.OrderBy(e => e.Cost.Value).Select(e => (e.HoldId, e.Cost.Value, e.Estimated)));
        await LiveAssert.IsAtRestAsync(host, Path());
        Assert.Empty(host.Journal.Records);
    }

    [Fact]
    public async Task Replaying_a_journal_again_charges_nothing_twice()
    {
        GrainHost dead = await GrainHost.StartAllowingAsync();
        dead.Ledger.Faults.IsAway = true;
        await dead.SettleAsync(await dead.MustHoldAsync(Ask()), tokens: 4, cost: 40);
        await dead.MustHoldAsync(Ask(cost: 70));
        await dead.DisposeAsync();
        IReadOnlyList<JournalRecord> records = dead.Journal.Records;
        dead.Ledger.Faults.IsAway = false;
        await using (GrainHost first = await GrainHost.StartAfterAsync(dead))
        {
            Assert.Equal(2, first.Ledger.Events.Count);
        }

        foreach (JournalRecord record in records)
        {
            await dead.Journal.TryAppendAsync(record, CancellationToken.None);
        }

        await using GrainHost second = await GrainHost.StartAfterAsync(dead);

        Assert.Equal([40L, 70L], second.Ledger.Events.Select(e => e.Cost.Value).Order());
        await LiveAssert.IsAtRestAsync(second, Path());
    }

    [Fact]
    public async Task Usage_is_added_whatever_another_silo_spent_meanwhile_and_is_debt()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetBudget(Org, 100);
        await host.MustHoldAsync(Ask(cost: 1));
        host.Ledger.Faults.IsAway = true;
        await host.SettleAsync(await host.MustHoldAsync(Ask(cost: 60)), tokens: 6, cost: 60);
        host.Ledger.Faults.Refuse(LedgerCall.Renew, 2);
        host.Ledger.Faults.IsAway = false;
        await using (GrainHost other = await GrainHost.StartAfterAsync(host))
        {
            // It found nothing in the ledger: the journal of this silo is not its own, but here they share one.
            await other.SettleAsync(await other.MustHoldAsync(Ask(cost: 30)), tokens: 3, cost: 30);
        }

        await host.WhenBackAsync();

        Assert.Equal(90, host.Ledger.Events.Sum(e => e.Cost.Value));
        LimitFacts? denied = (await host.HoldAsync(Ask(cost: 10))).Denied;
        Assert.Equal((90L, 1L), (denied?.Used, denied?.Held));
    }

    [Fact]
    public async Task A_call_whose_request_vanished_is_charged_as_estimated_when_its_lease_ends()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Ledger.Faults.IsAway = true;
        HoldCommand renewed = await host.MustHoldAsync(Ask(cost: 7));
        await host.MustHoldAsync(Ask(cost: 70));
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        await host.RenewAsync(renewed);
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        host.Ledger.Faults.IsAway = false;

        await host.WhenBackAsync();
        await Eventually.Async(() => Task.FromResult(host.Ledger.Events), events => events.Count > 0);

        Assert.Equal((70L, true), (Assert.Single(host.Ledger.Events).Cost.Value, host.Ledger.Events[0].Estimated));
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);
        await host.SettleAsync(renewed, tokens: 1, cost: 5);
        await host.WhenReplayedAsync();
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task What_was_taken_from_a_bucket_during_the_outage_stays_taken()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        host.Directory.SetLimits(Org, new LimitsConfig { TokensPerMinute = 600 });
        await host.SettleAsync(await host.MustHoldAsync(Ask(tokens: 100)), tokens: 100, cost: 1);
        host.Ledger.Faults.IsAway = true;
        await host.SettleAsync(await host.MustHoldAsync(Ask(tokens: 400)), tokens: 400, cost: 1);
        host.Ledger.Faults.IsAway = false;
        await host.WhenReplayedAsync();

        AccountLive live = await host.LiveAsync(Org);

        // 600 - 100 - 400, and 10 a second for the 1.1 s that accounts pause after an outage.
        Assert.Equal((2L, 111 * TokenBucket.MicroPerToken), (live.Epoch, live.Buckets[0].LevelMicro));
    }

    private static HoldAsk AskOf(HoldCommand command) => new(command.Id, command.Operation, command.Worst, command.Expected, Noon + Lease);
}
