using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="ISiloStore"/> promises, on each database.</summary>
public abstract class SiloStoreTests : StorageSuite
{
    private protected ISiloStore Silos => Host.Get<ISiloStore>();

    [StoreFact]
    public async Task A_process_comes_back_as_it_described_itself()
    {
        SiloRecord silo = Silo("a") with { Known = new StoreVersion(7, 3), StaleAfter = TimeSpan.FromMilliseconds(4500) };

        await Silos.BeatAsync(silo, None);

        SeenSilo seen = Assert.Single(await Silos.ReadAsync(None));
        Assert.Equal(silo, seen.Silo);
        Assert.True(seen.MayServe);
        Assert.InRange(seen.SilentFor, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [StoreFact]
    public async Task A_beat_says_how_far_the_store_has_come()
    {
        Assert.Equal(new StoreVersion(0, 0), await Silos.BeatAsync(Silo("a"), None));
        await Host.Directory.WriteAsync([new DirectoryRecord(RecordKind.Tenant, "acme", "{}", 0, false)], null, None);

        Assert.Equal(new StoreVersion(1, 0), await Silos.BeatAsync(Silo("a"), None));
        Assert.Equal(new StoreVersion(1, 0), await Silos.ReadNewestAsync(None));
    }

    [StoreFact]
    public async Task Another_beat_replaces_the_first()
    {
        await Silos.BeatAsync(Silo("a"), None);
        DateTimeOffset first = Assert.Single(await Silos.ReadAsync(None)).SeenAt;

        await Silos.BeatAsync(Silo("a") with { HttpAddress = "http://a", Known = new StoreVersion(5, 6) }, None);

        SeenSilo seen = Assert.Single(await Silos.ReadAsync(None));
        Assert.Equal(("http://a", new StoreVersion(5, 6)), (seen.Silo.HttpAddress, seen.Silo.Known));
        Assert.True(seen.SeenAt >= first);
    }

    [StoreFact]
    public async Task A_process_that_leaves_is_forgotten_and_so_is_one_that_was_silent_for_long()
    {
        await Silos.BeatAsync(Silo("a"), None);
        await Silos.LeaveAsync("a", None);
        Assert.Empty(await Silos.ReadAsync(None));

        await Silos.BeatAsync(Silo("b"), None);
        Assert.Equal(0, await Silos.PruneAsync(TimeSpan.FromHours(1), None));
        await Database.QueryAsync("UPDATE silo SET seen_at = seen_at - 3601000000 RETURNING 1");

        SeenSilo seen = Assert.Single(await Silos.ReadAsync(None));
        Assert.False(seen.MayServe);
        Assert.Equal(1, await Silos.PruneAsync(TimeSpan.FromHours(1), None));
        Assert.Empty(await Silos.ReadAsync(None));
    }

    private protected static SiloRecord Silo(string id) => new()
    {
        InstanceId = id, Name = $"silo-{id}", Address = "10.0.0.1:11111", HttpAddress = "", Version = "1.2", Role = "all", StartedAt = DateTimeOffset.UnixEpoch.AddDays(1),
        Load = """{"holds":1}""",
    };
}

public sealed class SqliteSiloStoreTests : SiloStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());

    [Fact]
    public async Task A_file_has_one_process()
    {
        await Silos.BeatAsync(Silo("killed"), None);
        await Silos.BeatAsync(Silo("next"), None);

        Assert.False(Silos.IsShared);
        Assert.Equal("next", Assert.Single(await Silos.ReadAsync(None)).Silo.InstanceId);
    }
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresSiloStoreTests(PostgresFixture server) : SiloStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();

    [StoreFact]
    public async Task Processes_are_listed_by_name()
    {
        await Silos.BeatAsync(Silo("b"), None);
        await Silos.BeatAsync(Silo("a"), None);

        Assert.Equal(["silo-a", "silo-b"], (await Silos.ReadAsync(None)).Select(seen => seen.Silo.Name));
    }

    [StoreFact]
    public async Task Who_listens_hears_of_every_change_of_directory_and_prices_and_of_none_that_was_refused()
    {
        int heard = 0;
        var changed = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        Task listening = Silos.ListenAsync(
            () =>
            {
                heard++;
                changed.Release();
            },
            stop.Token);
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(30)));
        await using StorageHost other = await Database.OpenAsync();

        await other.Directory.WriteAsync([Record("acme")], 7, None);
        await other.Directory.WriteAsync([Record("acme")], 0, None);
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(30)));
        await other.Get<IPriceStore>().WriteAsync([], 0, None);
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(30)));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        Assert.Equal(3, heard);
    }

    [StoreFact]
    public async Task A_broken_connection_ends_listening_as_an_unreachable_store()
    {
        var begun = new SemaphoreSlim(0);
        Task listening = Silos.ListenAsync(() => begun.Release(), None);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30)));

        await Database.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aiorleans-listener' AND datname = current_database()");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => listening.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static DirectoryRecord Record(string id) => new(RecordKind.Tenant, id, "{}", 0, false);
}
