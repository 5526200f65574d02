using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="Core.Ports.ILedger"/> promises, on each database.</summary>
public abstract class LedgerTests : StorageSuite
{
    [StoreFact]
    public async Task Each_load_begins_a_new_epoch()
    {
        AccountSnapshot first = await Host.Ledger.LoadAsync(Requests.Path[0], None);
        AccountSnapshot second = await Host.Ledger.LoadAsync(Requests.Path[0], None);

        Assert.Equal(1, first.Epoch);
        Assert.Equal(2, second.Epoch);
        Assert.Empty(first.Windows);
        Assert.Empty(first.Holds);
        Assert.Null(first.Buckets);
    }

    [StoreFact]
    public async Task A_hold_is_seen_by_the_next_load_of_each_of_its_accounts()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());

        Assert.Equal(HoldOutcome.Recorded, await Host.Ledger.HoldAsync(hold, None));

        foreach (AccountSnapshot snapshot in await LoadAsync())
        {
            Assert.Equal(new OpenHold(hold.Id, hold.Operation, hold.Worst, hold.Expected, hold.LeaseUntil), Assert.Single(snapshot.Holds));
        }
    }

    [StoreFact]
    public async Task A_grant_of_an_older_epoch_is_fenced_and_nothing_is_written()
    {
        IReadOnlyList<AccountSnapshot> old = await LoadAsync();
        await Host.Ledger.LoadAsync(Requests.Path[3], None);

        Assert.Equal(HoldOutcome.Fenced, await Host.Ledger.HoldAsync(Requests.Hold(old), None));

        Assert.All(await LoadAsync(), snapshot => Assert.Empty(snapshot.Holds));
    }

    [StoreFact]
    public async Task A_grant_of_an_account_that_was_never_loaded_is_fenced()
    {
        DurableHold hold = Requests.Hold([new AccountGrant(Requests.Path[0], 1)]);

        Assert.Equal(HoldOutcome.Fenced, await Host.Ledger.HoldAsync(hold, None));
    }

    [StoreFact]
    public async Task A_repeated_hold_stands_even_when_its_epoch_has_passed()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        IReadOnlyList<AccountSnapshot> loaded = await LoadAsync();

        Assert.Equal(HoldOutcome.Recorded, await Host.Ledger.HoldAsync(hold, None));

        Assert.All(loaded, snapshot => Assert.Single(snapshot.Holds));
    }

    [StoreFact]
    public async Task A_hold_that_was_settled_already_does_not_come_back()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Settle(hold), None);

        Assert.Equal(HoldOutcome.Recorded, await Host.Ledger.HoldAsync(hold, None));

        Assert.All(await LoadAsync(), snapshot => Assert.Empty(snapshot.Holds));
    }

    [StoreFact]
    public async Task Settling_replaces_the_hold_by_usage_in_every_window_of_every_account()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);

        Assert.Equal(SettleOutcome.Settled, await Host.Ledger.SettleAsync(Requests.Settle(hold, tokens: 100, costNano: 7_001), None));

        WindowStarts starts = Requests.WindowsOf(Requests.Now.AddSeconds(1));
        Assert.Equal(24, (await Database.QueryAsync("SELECT 1 FROM account_window")).Count);
        foreach (AccountSnapshot snapshot in await LoadAsync())
        {
            Assert.Empty(snapshot.Holds);
            WindowTotals month = snapshot.Windows.Single(window => window.Period == StoredPeriod.Month);
            Assert.Equal(new WindowTotals(StoredPeriod.Month, starts.Month, "chat", 1, 100, new NanoUsd(7_001)), month);
        }
    }

    [StoreFact]
    public async Task An_event_is_read_back_as_it_was_settled()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        Settlement settlement = Requests.Settle(hold.Id,
        [
            Requests.Event(hold.Id, Requests.Path, 1, 0, 0) with { Status = 502, FailedBy = FailedBy.Provider, FirstByteMicros = null },
            Requests.Event(hold.Id, Requests.Path, 2, 100, 7_001),
        ]);
        await Host.Ledger.SettleAsync(settlement, None);

        IReadOnlyList<UsageEvent> events = await Host.Ledger.ReadEventsAsync(0, 10, None);

        Assert.Equal(2, events.Count);
        foreach ((UsageEvent expected, UsageEvent actual) in settlement.Events.Zip(events))
        {
            Assert.Equal(expected.Path, actual.Path);
            Assert.Equal(expected.Attribution.Tags, actual.Attribution.Tags);
            Assert.Equal(
                expected with { Sequence = actual.Sequence },
                actual with { Path = expected.Path, Attribution = actual.Attribution with { Tags = expected.Attribution.Tags } });
        }
    }

    [StoreFact]
    public async Task A_replayed_settlement_changes_nothing()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Settle(hold), None);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
        Assert.Single(await Host.Ledger.ReadEventsAsync(0, 10, None));
    }

    [StoreFact]
    public async Task A_settlement_of_a_hold_that_was_never_written_is_recorded()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());

        Assert.Equal(SettleOutcome.Settled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task The_true_usage_replaces_the_estimate_of_an_orphan_in_the_windows_of_the_estimate()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        DateTimeOffset orphanedAt = Requests.Now.AddDays(-40);
        await Host.Ledger.SettleAsync(Requests.Orphan(hold, orphanedAt), None);
        UsageEvent estimate = Assert.Single(await Host.Ledger.ReadEventsAsync(0, 10, None));
        Settlement truth = Requests.Settle(hold.Id,
            [Requests.Event(hold.Id, Requests.Path, 1, 0, 0), Requests.Event(hold.Id, Requests.Path, 2, 100, 7_001)]);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(truth, None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(truth, None));
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Orphan(hold, orphanedAt), None));

        IReadOnlyList<UsageEvent> events = await Host.Ledger.ReadEventsAsync(0, 10, None);
        Assert.Equal([1, 2], events.Select(e => e.Attempt).Order());
        Assert.Equal(estimate.Sequence, events.Single(e => e.Attempt == 1).Sequence);
        Assert.All(events, e => Assert.Equal((false, orphanedAt), (e.Estimated, e.SettledAt)));
        AccountSnapshot tenant = await Host.Ledger.LoadAsync(Requests.Path[0], None);
        WindowTotals month = Assert.Single(tenant.Windows);
        Assert.Equal(Requests.WindowsOf(orphanedAt).Month, month.StartsAt);
        Assert.Equal((1, 100, 7_001), (month.Requests, month.Tokens, month.Cost.Value));
    }

    [StoreFact]
    public async Task A_late_keeper_does_not_overwrite_the_true_usage()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);
        await Host.Ledger.SettleAsync(Requests.Settle(hold), None);

        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(Requests.Orphan(hold, Requests.Now), None));

        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task Renewing_prolongs_open_holds_only_and_never_shortens_a_lease()
    {
        DurableHold open = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(open, None);
        DateTimeOffset later = open.LeaseUntil.AddSeconds(30);

        Assert.Equal([open.Id], await Host.Ledger.RenewAsync([open.Id, HoldId.New(Requests.Now)], later, None));
        await Host.Ledger.RenewAsync([open.Id], open.LeaseUntil, None);

        Assert.Empty(await Host.Ledger.ReadExpiredAsync(later, 10, None));
        DurableHold expired = Assert.Single(await Host.Ledger.ReadExpiredAsync(later.AddSeconds(1), 10, None));
        Assert.Equal(open.Grants, expired.Grants);
        Assert.Equal(open.Attribution.Tags, expired.Attribution.Tags);
        Assert.Equal(
            open with { LeaseUntil = later },
            expired with { Grants = open.Grants, Buckets = open.Buckets, Attribution = open.Attribution });
    }

    [StoreFact]
    public async Task Expired_holds_come_oldest_first_and_bounded()
    {
        IReadOnlyList<AccountSnapshot> loaded = await LoadAsync();
        List<DurableHold> holds = [.. Enumerable.Range(0, 5).Select(i => Requests.Hold(loaded, Requests.Now.AddSeconds(-i)))];
        await Task.WhenAll(holds.Select(hold => Host.Ledger.HoldAsync(hold, None)));

        IReadOnlyList<DurableHold> expired = await Host.Ledger.ReadExpiredAsync(Requests.Now.AddSeconds(1), 3, None);

        Assert.Equal([holds[4].Id, holds[3].Id, holds[2].Id], expired.Select(hold => hold.Id));
    }

    [StoreFact]
    public async Task Bucket_levels_keep_the_newest_of_epoch_and_sequence()
    {
        AccountId tenant = Requests.Path[0];
        IReadOnlyList<AccountSnapshot> loaded = await LoadAsync();
        BucketLevels Levels(long epoch, long sequence) => new(tenant, epoch, sequence, -5 - sequence, null, Requests.Now);

        await Host.Ledger.HoldAsync(Requests.Hold(loaded) with { Buckets = [Levels(1, 7)] }, None);
        await Host.Ledger.HoldAsync(Requests.Hold(loaded) with { Buckets = [Levels(1, 5)] }, None);
        Assert.Equal(Levels(1, 7), (await Host.Ledger.LoadAsync(tenant, None)).Buckets);

        await Host.Ledger.SettleAsync(Requests.Settle(Requests.Hold(loaded)) with { Buckets = [Levels(2, 1)] }, None);
        Assert.Equal(Levels(2, 1), (await Host.Ledger.LoadAsync(tenant, None)).Buckets);
    }

    [StoreFact]
    public async Task A_poisoned_settlement_does_not_fail_the_others_of_its_batch()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.SettleAsync(Requests.Settle(hold, costNano: long.MaxValue - 5), None);
        List<Task<SettleOutcome>> good = [];
        List<Task<SettleOutcome>> poisoned = [];
        for (int i = 0; i < 50; i++)
        {
            good.Add(Host.Ledger.SettleAsync(OfTenant("good", 1), None));
            poisoned.Add(Host.Ledger.SettleAsync(OfTenant("acme", long.MaxValue / 2), None));
        }

        await Task.WhenAll(good);
        Assert.All(good, task => Assert.Equal(SettleOutcome.Settled, task.GetAwaiter().GetResult()));
        foreach (Task<SettleOutcome> task in poisoned)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => task);
        }

        AccountSnapshot tenant = await Host.Ledger.LoadAsync(AccountId.Of(AccountKind.Tenant, "good"), None);
        Assert.Equal(50, tenant.Windows.Single(window => window.Period == StoredPeriod.Month).Cost.Value);

        static Settlement OfTenant(string name, long costNano)
        {
            HoldId id = HoldId.New(Requests.Now);
            return Requests.Settle(id, [Requests.Event(id, [AccountId.Of(AccountKind.Tenant, name)], 1, 1, costNano)]);
        }
    }

    [StoreFact]
    public async Task Pruning_takes_old_minutes_and_hours_in_chunks_and_leaves_days_and_months()
    {
        await Host.Ledger.SettleAsync(Requests.Settle(Requests.Hold(await LoadAsync())), None);
        var store = Host.Get<ILedgerStore>();

        Assert.Equal(0, await store.PruneAsync(Requests.Now.AddHours(-1), Requests.Now.AddHours(-1), 10, None));
        Assert.Equal(10, await store.PruneAsync(Requests.Now.AddHours(1), Requests.Now.AddHours(1), 10, None));
        Assert.Equal(2, await store.PruneAsync(Requests.Now.AddHours(1), Requests.Now.AddHours(1), 10, None));

        Assert.Equal(12, (await Database.QueryAsync("SELECT 1 FROM account_window WHERE period >= 3")).Count);
        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task A_lost_connection_is_replaced()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());
        await Host.Ledger.HoldAsync(hold, None);

        // The writer is idle: all that was asked of it has been answered.
        Host.Get<ILedgerStore>().Disconnect();

        Assert.Equal(SettleOutcome.Settled, await Host.Ledger.SettleAsync(Requests.Settle(hold), None));
        Assert.Equal((1, 100, 7_001), await MonthOfAsync(Requests.Path[0]));
    }

    [StoreFact]
    public async Task A_call_cancelled_before_it_begins_writes_nothing()
    {
        DurableHold hold = Requests.Hold(await LoadAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Host.Ledger.HoldAsync(hold, new CancellationToken(canceled: true)));

        Assert.All(await LoadAsync(), snapshot => Assert.Empty(snapshot.Holds));
    }
}

public sealed class SqliteLedgerTests : LedgerTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresLedgerTests(PostgresFixture server) : LedgerTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
