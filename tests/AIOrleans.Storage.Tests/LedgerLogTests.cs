using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Sqlite;
using AIOrleans.Storage.Sqlite.Log;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What SQLite's ledger wrote to its log is there after any end of its process, once, and nothing that it did not.</summary>
public sealed class LedgerLogTests : IDisposable
{
    private readonly LoggedLedger ledger = new();

    public LedgerLogTests() => ledger.Prepare();

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void Holds_and_settlements_are_found_after_a_kill_although_the_tables_have_none()
    {
        IReadOnlyList<AccountGrant> grants = ledger.Load();
        DurableHold open = Requests.Hold(grants) with { Buckets = [new BucketLevels(Requests.Path[0], grants[0].Epoch, 3, 1_500_000, null, Requests.Now)] };
        DurableHold ended = Requests.Hold(grants);
        Assert.Equal([HoldOutcome.Recorded, HoldOutcome.Recorded], ledger.Hold(open, ended));
        Assert.Equal(SettleOutcome.Settled, ledger.Settle(ended.Id, tokens: 70));
        Assert.Equal((0, 0), (ledger.CountOf("hold"), ledger.CountOf("usage_event")));

        using LoggedLedger next = ledger.Killed();

        Assert.Equal(2, next.Prepare());
        Assert.Equal((1, 1), (next.CountOf("hold"), next.CountOf("usage_event")));
        AccountSnapshot tenant = next.LoadOne(Requests.Path[0]);
        Assert.Equal(open.Id, Assert.Single(tenant.Holds).Id);
        Assert.All(tenant.Windows, window => Assert.Equal((1, 70), (window.Requests, window.Tokens)));
        Assert.Equal((3, 1_500_000L, null), (tenant.Buckets?.Sequence, tenant.Buckets?.RequestsMicro, tenant.Buckets?.TokensMicro));
    }

    [Fact]
    public void What_is_in_the_tables_is_not_applied_again()
    {
        ledger.Settle(HoldId.New(Requests.Now), tokens: 5);
        ledger.Store.CatchUp();
        Assert.Equal(1, ledger.CountOf("usage_event"));

        using LoggedLedger next = ledger.Killed();

        Assert.Equal((0, 1), (next.Prepare(), next.CountOf("usage_event")));
    }

    [Fact]
    public void What_a_commit_brought_there_that_was_reported_as_failed_is_not_applied_again()
    {
        ledger.Settle(HoldId.New(Requests.Now), tokens: 5);
        ledger.Execute("UPDATE ledger_log SET generation = generation + 1");

        ledger.Store.CatchUp();
        Assert.Equal(0, ledger.CountOf("usage_event"));

        ledger.Settle(HoldId.New(Requests.Now), tokens: 6);
        using LoggedLedger next = ledger.Killed();
        Assert.Equal((1, 1), (next.Prepare(), next.CountOf("usage_event")));
    }

    [Fact]
    public void A_hold_that_ends_before_the_tables_hear_of_it_never_reaches_them()
    {
        IReadOnlyList<AccountGrant> grants = ledger.Load();
        DurableHold slow = Requests.Hold(grants);
        ledger.Hold(slow);
        ledger.Store.CatchUp();
        DurableHold quick = Requests.Hold(grants);
        ledger.Hold(quick);
        ledger.Settle(quick.Id, tokens: 1);
        ledger.Settle(slow.Id, tokens: 1);

        ledger.Store.CatchUp();

        Assert.Equal((0, 2), (ledger.CountOf("hold"), ledger.CountOf("usage_event")));
    }

    [Fact]
    public void A_grant_that_a_load_has_fenced_is_refused_and_one_that_was_recorded_is_seen_by_it()
    {
        IReadOnlyList<AccountGrant> grants = ledger.Load();
        DurableHold recorded = Requests.Hold(grants);
        ledger.Hold(recorded);

        Assert.Equal(recorded.Id, Assert.Single(ledger.LoadOne(Requests.Path[0]).Holds).Id);
        Assert.Equal([HoldOutcome.Fenced], ledger.Hold(Requests.Hold(grants)));

        // Asked once more, as after a lost answer: what is recorded stands.
        Assert.Equal([HoldOutcome.Recorded], ledger.Hold(recorded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_settlement_counts_once_wherever_the_first_one_is(bool isApplied)
    {
        HoldId id = HoldId.New(Requests.Now);
        Assert.Equal(SettleOutcome.Settled, ledger.Settle(id, tokens: 5));
        if (isApplied)
        {
            ledger.Store.CatchUp();
        }

        Assert.Equal(SettleOutcome.AlreadySettled, ledger.Settle(id, tokens: 5));
        Assert.Equal(1, ledger.CountOf("usage_event"));
    }

    [Fact]
    public void A_batch_that_does_not_fit_goes_into_the_tables_with_all_before_it()
    {
        ledger.Settle(HoldId.New(Requests.Now), tokens: 1);
        SettleWork[] many = [.. Enumerable.Range(0, 4_000).Select(_ => LoggedLedger.SettlementOf(HoldId.New(Requests.Now), tokens: 1))];

        ledger.Store.Write(new WriteBatch(many));

        Assert.All(many, work => Assert.Equal(SettleOutcome.Settled, work.Result));
        Assert.Equal(4_001, ledger.CountOf("usage_event"));
        using LoggedLedger next = ledger.Killed();
        Assert.Equal((0, 4_001), (next.Prepare(), next.CountOf("usage_event")));
    }

    [Fact]
    public async Task While_the_tables_are_written_works_are_recorded_and_a_kill_leaves_both_halves()
    {
        HoldId first = HoldId.New(Requests.Now);
        ledger.Settle(first, tokens: 5);
        using var entered = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        ledger.HoldUsage(entered, goOn);
        Task catchingUp = Task.Run(ledger.Store.CatchUp);
        await entered.WaitAsync();

        Assert.Equal(SettleOutcome.Settled, ledger.Settle(HoldId.New(Requests.Now), tokens: 6));
        Assert.Equal((true, 0), (ledger.Store.IsBehind, ledger.CountOf("usage_event")));
        using (LoggedLedger next = ledger.Killed())
        {
            next.LetUsagePass();
            Assert.Equal((2, 2), (next.Prepare(), next.CountOf("usage_event")));
            next.Settle(HoldId.New(Requests.Now), tokens: 7);
            using LoggedLedger last = next.Killed();
            Assert.Equal((1, 3), (last.Prepare(), last.CountOf("usage_event")));
        }

        goOn.Release();
        await catchingUp;
        ledger.LetUsagePass();
        Assert.Equal(1, ledger.CountOf("usage_event"));
        Assert.Equal(SettleOutcome.AlreadySettled, ledger.Settle(first, tokens: 5));
        Assert.Equal((2, false), (ledger.CountOf("usage_event"), ledger.Store.IsBehind));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_came_before_a_kill_leaves_exactly_what_was_acknowledged(int seed)
    {
        Task catchingUp = Task.CompletedTask;
        var dice = new Random(seed);
        IReadOnlyList<AccountGrant> grants = ledger.Load();
        List<DurableHold> open = [];
        int settled = 0;
        for (int step = 0; step < 300; step++)
        {
            switch (dice.Next(8))
            {
                case 0 or 1 or 2:
                    DurableHold hold = Requests.Hold(grants);
                    Assert.Equal([HoldOutcome.Recorded], ledger.Hold(hold));
                    open.Add(hold);
                    break;
                case 3 or 4 when open.Count > 0:
                    DurableHold ended = open[dice.Next(open.Count)];
                    Assert.Equal(SettleOutcome.Settled, ledger.Settle(ended.Id, tokens: 3));
                    open.Remove(ended);
                    settled++;
                    break;
                case 5 when open.Count > 0:
                    DurableHold orphan = open[0];
                    ledger.Settle(Requests.Orphan(orphan, Requests.Now));
                    open.RemoveAt(0);
                    settled++;
                    break;
                case 6:
                    grants = ledger.Load();
                    break;
                default:
                    catchingUp = Task.WhenAll(catchingUp, Task.Run(ledger.Store.CatchUp));
                    break;
            }

            if (step % 30 == 29)
            {
                await catchingUp;
                using LoggedLedger next = ledger.Killed();
                next.Prepare();
                AccountSnapshot tenant = next.LoadOne(Requests.Path[0]);
                Assert.Equal(open.Select(hold => hold.Id.Value).Order(), tenant.Holds.Select(hold => hold.Id.Value).Order());
                Assert.Equal((settled, settled), (next.CountOf("usage_event"), (int)tenant.Windows.Where(window => window.Period == StoredPeriod.Month).Sum(window => window.Requests)));
            }
        }
    }
}
