using System.Collections.Concurrent;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>The ledger under many callers and, where the database allows, several processes.</summary>
public abstract class LedgerConcurrencyTests : StorageSuite
{
    private readonly List<StorageHost> hosts = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        hosts.Add(Host);
        while (hosts.Count < HostsMax)
        {
            hosts.Add(await Database.OpenAsync());
        }
    }

    public override async Task DisposeAsync()
    {
        foreach (StorageHost host in hosts.Skip(1))
        {
            await host.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [StoreFact]
    public async Task Counters_equal_the_sum_of_the_ledger_after_concurrent_holds_and_settlements()
    {
        const int callers = 48;
        const int requests = 12;
        AccountId tenant = Requests.Path[0];
        AccountId[] teams = [.. Enumerable.Range(0, 4).Select(i => AccountId.Of(AccountKind.Team, "acme", "eng", $"t{i}"))];
        AccountGrant[] grants = await GrantsOfAsync([tenant, .. teams]);

        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            StorageHost host = hosts[caller % hosts.Count];
            for (int i = 0; i < requests; i++)
            {
                DurableHold hold = Requests.Hold([grants[0], grants[1 + (caller % teams.Length)]]);
                Assert.Equal(HoldOutcome.Recorded, await host.Ledger.HoldAsync(hold, None));
                Settlement settlement = Requests.Settle(hold, tokens: caller + i, costNano: (caller * 1_000) + i);

                // Every third is brought twice, by two processes at once.
                Task<SettleOutcome> again = i % 3 == 0 ? hosts[(caller + 1) % hosts.Count].Ledger.SettleAsync(settlement, None) : Task.FromResult(default(SettleOutcome));
                await Task.WhenAll(host.Ledger.SettleAsync(settlement, None), again);
            }
        }));

        IReadOnlyList<UsageEvent> events = await Host.Ledger.ReadEventsAsync(0, 10_000, None);
        Assert.Equal(callers * requests, events.Count);
        foreach (AccountId account in (AccountId[])[tenant, .. teams])
        {
            List<UsageEvent> charged = [.. events.Where(e => e.Path.Contains(account))];
            Assert.Equal((charged.Count, charged.Sum(e => e.Usage.Total), charged.Sum(e => e.Cost.Value)), await MonthOfAsync(account));
        }

        Assert.Empty(await Host.Ledger.ReadExpiredAsync(DateTimeOffset.MaxValue, 10, None));
    }

    [StoreFact]
    public async Task Whatever_an_old_epoch_granted_is_seen_by_the_new_one_or_refused()
    {
        const int loads = 60;
        AccountId account = AccountId.Of(AccountKind.Tenant, "hammered");
        long newestEpoch = (await Host.Ledger.LoadAsync(account, None)).Epoch;
        var recorded = new ConcurrentBag<(HoldId Id, long Epoch)>();
        var snapshots = new ConcurrentBag<AccountSnapshot>();
        using var loading = new CancellationTokenSource();

        Task[] holders = [.. Enumerable.Range(0, 24).Select(async i =>
        {
            while (!loading.IsCancellationRequested)
            {
                long epoch = Volatile.Read(ref newestEpoch);
                DurableHold hold = Requests.Hold([new AccountGrant(account, epoch)]);
                if (await hosts[i % hosts.Count].Ledger.HoldAsync(hold, None) == HoldOutcome.Recorded)
                {
                    recorded.Add((hold.Id, epoch));
                }
            }
        })];
        for (int i = 0; i < loads; i++)
        {
            AccountSnapshot snapshot = await hosts[i % hosts.Count].Ledger.LoadAsync(account, None);
            snapshots.Add(snapshot);
            Volatile.Write(ref newestEpoch, snapshot.Epoch);
        }

        await loading.CancelAsync();
        await Task.WhenAll(holders);
        Assert.NotEmpty(recorded);
        foreach (AccountSnapshot snapshot in snapshots)
        {
            HashSet<HoldId> seen = [.. snapshot.Holds.Select(hold => hold.Id)];
            Assert.DoesNotContain(recorded, hold => hold.Epoch < snapshot.Epoch && !seen.Contains(hold.Id));
        }
    }

    [StoreFact]
    public async Task A_settlement_is_in_the_windows_or_an_open_hold_of_a_load_but_never_both_or_neither()
    {
        AccountId account = AccountId.Of(AccountKind.Tenant, "watched");
        long epoch = (await Host.Ledger.LoadAsync(account, None)).Epoch;
        List<DurableHold> holds = [.. Enumerable.Range(0, 400).Select(_ => Requests.Hold([new AccountGrant(account, epoch)]))];
        await Task.WhenAll(holds.Select(hold => Host.Ledger.HoldAsync(hold, None)));

        Task settling = Task.WhenAll(holds.Select((hold, i) => Task.Delay(i).ContinueWith(
            _ => hosts[i % hosts.Count].Ledger.SettleAsync(Requests.Settle(hold), None), TaskScheduler.Default).Unwrap()));
        while (!settling.IsCompleted)
        {
            AccountSnapshot snapshot = await hosts[^1].Ledger.LoadAsync(account, None);
            long settled = snapshot.Windows.Where(window => window.Period == StoredPeriod.Month).Sum(window => window.Requests);
            Assert.Equal(holds.Count, settled + snapshot.Holds.Count);
        }

        await settling;
    }

    [StoreFact]
    public async Task A_reader_that_follows_the_cursor_misses_no_event_of_concurrent_writers()
    {
        const int writers = 24;
        const int events = 20;
        Task writing = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (int i = 0; i < events; i++)
            {
                HoldId id = HoldId.New(Requests.Now);
                AccountId account = AccountId.Of(AccountKind.Tenant, $"w{writer}");
                await hosts[writer % hosts.Count].Ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, [account], 1, 1, 1)]), None);
            }
        }));

        List<UsageEvent> read = [];
        long cursor = 0;
        bool last = false;
        while (!last)
        {
            last = writing.IsCompleted;
            IReadOnlyList<UsageEvent> page = await hosts[^1].Ledger.ReadEventsAsync(cursor, 50, None);
            read.AddRange(page);
            cursor = page.Count == 0 ? cursor : page[^1].Sequence;
            last &= page.Count == 0;
        }

        await writing;
        Assert.Equal(read.Select(e => e.Sequence).Order(), read.Select(e => e.Sequence));
        Assert.Equal(writers * events, read.Select(e => e.HoldId).Distinct().Count());
        Assert.Equal(writers * events, read.Count);
    }

    [StoreFact]
    public async Task Many_accounts_wake_at_once()
    {
        AccountId[] accounts = [.. Enumerable.Range(0, 3_000).Select(i => AccountId.Of(AccountKind.Key, "acme", "eng", $"k{i}"))];

        await LoadAsync(accounts);
        IReadOnlyList<AccountSnapshot> again = await LoadAsync(accounts);

        Assert.All(again, snapshot => Assert.Equal(2, snapshot.Epoch));
    }

    private async Task<AccountGrant[]> GrantsOfAsync(IEnumerable<AccountId> accounts) =>
        [.. (await LoadAsync(accounts)).Select(snapshot => new AccountGrant(snapshot.Account, snapshot.Epoch))];
}

public sealed class SqliteLedgerConcurrencyTests : LedgerConcurrencyTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresLedgerConcurrencyTests(PostgresFixture server) : LedgerConcurrencyTests
{
    protected override int HostsMax => 3;

    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
