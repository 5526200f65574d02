using System.Collections.Concurrent;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>The server dies and comes back; each test has one of its own.</summary>
[NeedsPostgres]
public sealed class PostgresOutageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [StoreFact]
    public async Task A_server_killed_under_load_is_found_again_and_nothing_is_lost_or_double()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using var database = new PostgresDatabase(await server.CreateDatabaseAsync());
        await using StorageHost host = await database.OpenAsync(("Ledger:StoreTimeoutSeconds", "30"));
        var settled = new ConcurrentBag<HoldId>();
        using var stop = new CancellationTokenSource();

        Task[] callers = [.. Enumerable.Range(0, 16).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                HoldId id = HoldId.New(Requests.Now);
                await host.Ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, [Requests.Path[0]], 1, 1, 1)]), None);
                settled.Add(id);
            }
        })];
        await UntilAsync(() => settled.Count > 100);
        await server.KillAsync();
        await server.StartAsync();
        int atReturn = settled.Count;
        await UntilAsync(() => settled.Count > atReturn + 100);
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        IReadOnlyList<UsageEvent> events = await host.Ledger.ReadEventsAsync(0, 1_000_000, None);
        AccountSnapshot tenant = await host.Ledger.LoadAsync(Requests.Path[0], None);
        Assert.Equal(settled.Count, events.Count);
        Assert.Equal(settled.ToHashSet(), events.Select(e => e.HoldId).ToHashSet());
        Assert.Equal(events.Count, tenant.Windows.Single(window => window.Period == StoredPeriod.Month).Requests);
    }

    [StoreFact]
    public async Task While_the_server_is_away_calls_are_refused_within_the_store_timeout()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using var database = new PostgresDatabase(await server.CreateDatabaseAsync());
        await using StorageHost host = await database.OpenAsync(("Ledger:StoreTimeoutSeconds", "1"));
        await host.Ledger.LoadAsync(Requests.Path[0], None);
        await server.KillAsync();

        long startedAt = TimeProvider.System.GetTimestamp();
        Task<AccountSnapshot>[] calls = [.. Requests.Path.Select(account => host.Ledger.LoadAsync(account, None))];
        foreach (Task<AccountSnapshot> call in calls)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Ledger.ReadEventsAsync(0, 1, None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.Directory.ReadAsync(0, int.MaxValue, None));
        Assert.InRange(TimeProvider.System.GetElapsedTime(startedAt), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        await server.StartAsync();
        Assert.Equal(2, (await host.Ledger.LoadAsync(Requests.Path[0], None)).Epoch);
        Assert.Empty(await host.Directory.ReadAsync(0, int.MaxValue, None));
    }

    [StoreFact]
    public async Task A_database_restored_into_a_younger_server_keeps_its_event_numbers_growing()
    {
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        await using var database = new PostgresDatabase(await server.CreateDatabaseAsync());
        await using (StorageHost old = await database.OpenAsync())
        {
            await SettleAsync(old);
        }

        // As if the events had been written by a server that had run ten million transactions more.
        await database.QueryAsync("UPDATE usage_event SET sequence = sequence + (10000000::bigint << 16) RETURNING 1");
        await using StorageHost restored = await database.OpenAsync();
        await SettleAsync(restored);

        IReadOnlyList<UsageEvent> events = await restored.Ledger.ReadEventsAsync(0, 10, None);
        Assert.Equal(2, events.Count);
        Assert.Single(await restored.Ledger.ReadEventsAsync(events[0].Sequence, 10, None));
    }

    private static Task SettleAsync(StorageHost host)
    {
        HoldId id = HoldId.New(Requests.Now);
        return host.Ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 1, 1)]), None);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(60), "Nothing happened for a minute.");
            await Task.Delay(10);
        }
    }
}
