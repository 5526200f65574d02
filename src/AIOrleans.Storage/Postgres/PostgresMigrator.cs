using AIOrleans.Storage.Migrations;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Brings a PostgreSQL database to the newest schema, under an advisory lock: silos that start together take turns.</summary>
internal sealed class PostgresMigrator(IReadOnlyList<Migration> known, PostgresSequence sequence, TimeProvider clock, ILogger logger)
{
    /// <summary>Any number that nothing else in the database locks: "aiorlean" in ASCII.</summary>
    private const long LockKey = 0x61696F726C65616E;

    /// <summary>The first with <c>xid8</c> and <c>pg_current_snapshot</c>, on which the order of events rests.</summary>
    private static readonly Version VersionMin = new(13, 0);

    /// <summary>A migration takes as long as it takes, and so does the turn of another process.</summary>
    private const int Unlimited = 0;

    private const string ShiftFact = "event_sequence_shift";

    public async Task ApplyAsync(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion < VersionMin)
        {
            throw new InvalidOperationException($"PostgreSQL {connection.PostgreSqlVersion} is too old: AIOrleans needs {VersionMin.Major} or later.");
        }

        await connection.ExecuteAsync("SELECT pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: Unlimited);
        try
        {
            await ApplyPendingAsync(connection);
            await SettleSequenceAsync(connection);
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    private async Task ApplyPendingAsync(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync("""
            CREATE TABLE IF NOT EXISTS schema_migration (
                number     integer     NOT NULL PRIMARY KEY,
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL
            )
            """);
        List<AppliedMigration> applied =
            [.. await connection.QueryAsync<AppliedMigration>("SELECT number, name, checksum FROM schema_migration ORDER BY number")];
        foreach (Migration migration in MigrationPlan.Of(known, applied))
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: Unlimited);
            await connection.ExecuteAsync(
                "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (@Number, @Name, @Checksum, @at)",
                new { migration.Number, migration.Name, migration.Checksum, at = clock.GetUtcNow() },
                transaction);
            await transaction.CommitAsync();
            StorageLog.MigrationApplied(logger, migration.Number, migration.Name);
        }
    }

    private async Task SettleSequenceAsync(NpgsqlConnection connection)
    {
        long stored = long.Parse(
            await connection.QuerySingleOrDefaultAsync<string>("SELECT value FROM installation WHERE name = @ShiftFact", new { ShiftFact }) ?? "0",
            System.Globalization.CultureInfo.InvariantCulture);
        long newest = await connection.QuerySingleAsync<long>("SELECT COALESCE(MAX(sequence), 0) FROM usage_event");
        long transactionId = await connection.QuerySingleAsync<long>("SELECT pg_current_xact_id()::text::bigint");
        long shift = sequence.Settle(stored, newest, transactionId);
        if (shift != stored)
        {
            await connection.ExecuteAsync(
                "INSERT INTO installation (name, value) VALUES (@ShiftFact, @text) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                new { ShiftFact, text = shift.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        }
    }
}
