using AIOrleans.Storage.Migrations;
using AIOrleans.Storage.Postgres;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AIOrleans.Storage.Tests;

/// <summary>How a schema comes to be, and when a database is refused; on each database.</summary>
public abstract class MigrationTests : StorageSuite
{
    [StoreFact]
    public async Task Every_migration_is_recorded_and_applied_once()
    {
        await using (await ReopenAsync())
        {
            List<object> names = await Database.QueryAsync("SELECT name FROM schema_migration ORDER BY number");
            Assert.Equal(Migration.ReadAll("sqlite").Select(migration => migration.Name), names.Cast<string>());
        }
    }

    [StoreFact]
    public async Task A_newer_schema_is_refused()
    {
        await Database.QueryAsync(
            "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (9001, '9001_future', 'x', '2030-01-01') RETURNING number");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(ReopenAsync);

        Assert.Contains("9001_future", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task An_edited_migration_is_refused()
    {
        await Database.QueryAsync("UPDATE schema_migration SET checksum = 'edited' WHERE number = 2 RETURNING number");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(ReopenAsync);

        Assert.Contains("0002_directory", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another text", refusal.Message, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Another_master_key_is_refused()
    {
        await Host.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Database.OpenAsync(("AIORLEANS_MASTER_KEY", Convert.ToBase64String(new byte[32]))));

        Assert.Contains("AIORLEANS_MASTER_KEY", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<StorageHost> ReopenAsync()
    {
        await Host.DisposeAsync();
        return await Database.OpenAsync();
    }
}

public sealed class SqliteMigrationTests : MigrationTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());

    [Fact]
    public void Both_databases_have_the_same_migrations()
    {
        Assert.Equal(
            Migration.ReadAll("sqlite").Select(migration => (migration.Number, migration.Name)),
            Migration.ReadAll("postgresql").Select(migration => (migration.Number, migration.Name)));
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum()
    {
        Assert.Equal(Migration.Of("0001_a.sql", "x\ny\n").Checksum, Migration.Of("0001_a.sql", "x\r\ny\r\n").Checksum);
        Assert.NotEqual(Migration.Of("0001_a.sql", "x\ny\n").Checksum, Migration.Of("0001_a.sql", "x\nz\n").Checksum);
    }
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresMigrationTests(PostgresFixture server) : MigrationTests
{
    /// <summary>Together longer than the migration's first two tries and the pause between them.</summary>
    private const int Writes = 100;

    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(50);

    /// <summary>Below the ledger's timeout, and far above what a busy machine adds to half a second.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);

    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();

    [StoreFact]
    public async Task Processes_that_start_together_take_turns()
    {
        TestDatabase fresh = await server.CreateDatabaseAsync();

        StorageHost[] hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fresh.OpenAsync()));

        foreach (StorageHost host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [StoreFact]
    public async Task Those_that_serve_never_wait_long_behind_a_migration_that_waits()
    {
        await using NpgsqlConnection report = await ConnectAsync();
        await using NpgsqlTransaction reading = await report.BeginTransactionAsync();
        await ExecuteAsync(report, "SELECT count(*) FROM hold");
        await using NpgsqlConnection upgrading = await ConnectAsync();
        var migrator = new PostgresMigrator(
            [.. Migration.ReadAll("postgresql"), Migration.Of("9001_later.sql", "ALTER TABLE hold ADD COLUMN later bigint")],
            new PostgresSequence(), TimeProvider.System, NullLogger.Instance);
        Task migration = migrator.ApplyAsync(upgrading, CancellationToken.None);

        // Silos of the older version go on writing where the migration wants to be.
        await using NpgsqlConnection serving = await ConnectAsync();
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < Writes; i++)
        {
            long startedAt = TimeProvider.System.GetTimestamp();
            await ExecuteAsync(serving, "UPDATE hold SET operation = operation WHERE false");
            TimeSpan took = TimeProvider.System.GetElapsedTime(startedAt);
            slowest = took > slowest ? took : slowest;
            await Task.Delay(WritePause, TimeProvider.System);
        }

        Assert.False(migration.IsCompleted);
        await reading.RollbackAsync();
        await migration;
        Assert.True(slowest < WaitMax, $"A writer waited for {slowest}.");
        Assert.Equal(["9001_later"], await Database.QueryAsync("SELECT name FROM schema_migration WHERE number = 9001"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 20 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(((PostgresDatabase)Database).ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
