using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly SqliteDatabase database = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_file_serves_one_gateway_only()
    {
        await using StorageHost host = await database.OpenAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => database.OpenAsync());

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:Provider=postgresql", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strict", 2L)]
    [InlineData("fast", 1L)]
    public async Task Durability_decides_only_how_the_file_is_synchronised(string durability, long synchronous)
    {
        await using StorageHost host = await database.OpenAsync(("Ledger:Durability", durability));
        using Microsoft.Data.Sqlite.SqliteConnection connection =
            new Sqlite.SqliteFile(database.File, Enum.Parse<LedgerDurability>(durability, ignoreCase: true)).OpenWriter();

        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        Assert.Equal(synchronous, command.ExecuteScalar());
    }

    [Fact]
    public async Task A_copy_taken_in_the_middle_of_writing_has_everything_that_was_acknowledged()
    {
        await using var copy = new SqliteDatabase();
        List<HoldId> acknowledged = [];
        List<HoldId> atCopy;
        await using (StorageHost host = await database.OpenAsync())
        {
            using var copying = new CancellationTokenSource();
            Task[] writers = [.. Enumerable.Range(0, 8).Select(_ => WriteUntilAsync(host.Ledger, acknowledged, copying.Token))];
            while (CountOf(acknowledged) < 200)
            {
                await Task.Yield();
            }

            // What a crash leaves: the files at one instant. First the ledger's log, whose content goes into the database, then that, then SQLite's log, which only grows
            // meanwhile (no checkpoint that early).
            lock (acknowledged)
            {
                atCopy = [.. acknowledged];
            }

            File.Copy(database.File + ".log", copy.File + ".log");
            File.Copy(database.File, copy.File);
            File.Copy(database.File + "-wal", copy.File + "-wal");
            await copying.CancelAsync();
            await Task.WhenAll(writers);
        }

        await using StorageHost reopened = await copy.OpenAsync();
        HashSet<HoldId> found = [.. (await reopened.Ledger.ReadEventsAsync(0, 100_000, CancellationToken.None)).Select(e => e.HoldId)];
        Assert.Empty(atCopy.Except(found));
        AccountSnapshot tenant = await reopened.Ledger.LoadAsync(Requests.Path[0], CancellationToken.None);
        Assert.Equal(found.Count, tenant.Windows.Single(window => window.Period == Core.Limits.StoredPeriod.Month).Requests);
    }

    private static async Task WriteUntilAsync(ILedger ledger, List<HoldId> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            HoldId id = HoldId.New(Requests.Now);
            await ledger.SettleAsync(Requests.Settle(id, [Requests.Event(id, Requests.Path, 1, 10, 10)]), CancellationToken.None);
            lock (acknowledged)
            {
                acknowledged.Add(id);
            }
        }
    }

    private static int CountOf(List<HoldId> list)
    {
        lock (list)
        {
            return list.Count;
        }
    }
}
