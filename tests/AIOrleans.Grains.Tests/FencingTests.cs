using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class FencingTests
{
    [Fact]
    public async Task A_fenced_hold_is_asked_anew_and_succeeds()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 1_000);
        await host.LiveAsync(Tenant);
        await host.LoadBehindItsBackAsync(Tenant);

        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 1_000));

        Assert.Equal(hold.Id, Assert.Single(host.Ledger.Holds).Id);
        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((1, host.Ledger.EpochOf(Tenant)), (live.Holds.Count, live.Epoch));
        await host.SettleAsync(hold, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_hold_that_is_fenced_because_its_account_loaded_itself_makes_no_other_account_load()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
        LedgerStop stop = host.Ledger.Faults.Stop(LedgerCall.Hold);
        Task<HoldReply> holding = host.HoldAsync(Ask());
        await stop.Reached;

        await host.Account(Tenant).ReloadAsync(host.Ledger.EpochOf(Tenant));
        await host.LiveAsync(Tenant);
        stop.Release();

        Assert.Null((await holding).Denied);
        Assert.Equal([2L, 1, 1, 1, 1, 1], Path().Select(host.Ledger.EpochOf));
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);
    }

    [Fact]
    public async Task Two_activations_of_one_account_never_overspend()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Tenant, 1_000);
        await host.LiveAsync(Tenant);

        // Another silo activates the tenant and spends most of it; ours still believes that it is the only one.
        AccountSnapshot rival = await host.LoadBehindItsBackAsync(Tenant);
        HoldCommand theirs = Ask(cost: 900);
        Assert.Equal(HoldOutcome.Recorded, await host.Ledger.HoldAsync(DurableOf(theirs, rival.Epoch), CancellationToken.None));
        HoldReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.HoldAsync(Ask(cost: 100, key: i % 8))));

        Assert.Single(replies, reply => reply.Denied is null);
        Assert.Equal(1_000, host.Ledger.Holds.Sum(hold => hold.Worst.Cost.Value));

        // What the rival granted before ours loaded anew, and brings only now, is refused.
        Assert.Equal(HoldOutcome.Fenced, await host.Ledger.HoldAsync(DurableOf(Ask(cost: 100), rival.Epoch), CancellationToken.None));
    }

    [Fact]
    public async Task A_denial_after_a_fence_takes_back_what_the_first_round_granted()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetBudget(Key(), 100);
        await Task.WhenAll(Path().Select(host.LiveAsync));
        AccountSnapshot rival = await host.LoadBehindItsBackAsync(Key());
        await host.Ledger.HoldAsync(DurableOf(Ask(cost: 1), rival.Epoch, Key()), CancellationToken.None);

        HoldReply reply = await host.HoldAsync(Ask(cost: 100));

        Assert.Equal(Key(), reply.Denied?.Account);
        foreach (AccountId account in Path().Where(account => account != Key()))
        {
            Assert.Equal((account, 0), (account, (await host.LiveAsync(account)).Holds.Count));
        }
    }

    [Fact]
    public async Task Settlements_that_a_load_has_counted_are_not_counted_again_and_cause_no_load()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand[] holds = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.MustHoldAsync(Ask())));

        // The load comes between the ledger's answer and the account's learning of it.
        foreach (HoldCommand hold in holds)
        {
            await host.Ledger.SettleAsync(SettlementOf(hold.Used(5, 50, Noon)), CancellationToken.None);
        }

        await host.Account(Tenant).ReloadAsync(1);
        await host.LiveAsync(Tenant);
        await Task.WhenAll(holds.Select(hold => host.Account(Tenant).SettleAsync(TestNotices.Of(hold.Used(5, 50, Noon), isReplay: false))));

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, 0), (live.Epoch, live.Holds.Count));
        LiveAssert.CountsAsTheLedger(host, live);
    }

    [Fact]
    public async Task A_settlement_told_twice_makes_the_account_load_and_counts_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask());
        await host.SettleAsync(hold, tokens: 5, cost: 50);

        await host.SettleAsync(hold, tokens: 5, cost: 50);

        Assert.Equal(2, (await host.LiveAsync(Tenant)).Epoch);
        Assert.Single(host.Ledger.Events);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    private static DurableHold DurableOf(HoldCommand command, long epoch, AccountId? account = null) => new()
    {
        Id = command.Id,
        Grants = [new AccountGrant(account ?? Tenant, epoch)],
        Worst = command.Worst,
        Expected = command.Expected,
        Operation = command.Operation,
        LeaseUntil = Noon + Lease,
        HeldAt = Noon,
        Owner = "rival",
        Attribution = command.Attribution,
    };

    private static Settlement SettlementOf(SettleCommand command) => new(command.Id, command.Events, WindowStarts.At(Noon, TimeZoneInfo.Utc));
}
