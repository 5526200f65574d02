using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>Loads, holds, leases and buckets: what <see cref="Core.Ports.ILedger"/> promises, on each database.</summary>
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

        Settlement settlement = Requests.Settle(Requests.Hold(loaded));
        await Host.Ledger.SettleAsync(settlement with { Buckets = [Levels(2, 1)] }, None);
        Assert.Equal(Levels(2, 1), (await Host.Ledger.LoadAsync(tenant, None)).Buckets);

        // What a call used beyond its hold is known only after it was settled.
        Assert.Equal(SettleOutcome.AlreadySettled, await Host.Ledger.SettleAsync(settlement with { Buckets = [Levels(2, 3)] }, None));
        Assert.Equal(Levels(2, 3), (await Host.Ledger.LoadAsync(tenant, None)).Buckets);
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
