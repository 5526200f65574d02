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

    /// <summary>How long silos that serve may have to wait behind a migration that waits itself: a fraction of the ledger's usual timeout.</summary>
    private const int LockMilliseconds = 500;

    /// <summary>Between two tries, for those that serve to catch up.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(3);

    /// <summary>Then whoever started this process should look.</summary>
    private static readonly TimeSpan BusyMax = TimeSpan.FromMinutes(10);

    private const string ShiftFact = "event_sequence_shift";

    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion < VersionMin)
        {
            throw new InvalidOperationException($"PostgreSQL {connection.PostgreSqlVersion} is too old: AIOrleans needs {VersionMin.Major} or later.");
        }

        await connection.ExecuteAsync("SELECT pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: Unlimited);
        try
        {
            await ApplyPendingAsync(connection, cancellationToken);
            await SettleSequenceAsync(connection);
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    private async Task ApplyPendingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
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
            long startedAt = clock.GetTimestamp();
            while (!await TryApplyAsync(connection, migration))
            {
                string transactions = await LongestAsync(connection);
                if (clock.GetElapsedTime(startedAt) > BusyMax)
                {
                    throw new InvalidOperationException(
                        $"Migration {migration.Name} found its tables in use for {BusyMax.TotalMinutes:0} minutes, and nothing is changed. Start again when these transactions "
                        + $"have ended: {transactions}.");
                }

                StorageLog.MigrationWaits(logger, migration.Name, transactions);
                await Task.Delay(BusyPause, clock, cancellationToken);
            }

            StorageLog.MigrationApplied(logger, migration.Number, migration.Name);
        }
    }

    /// <summary>Applies a migration whole, or leaves everything as it was because others use its tables.</summary>
    /// <remarks>A lock that is waited for makes everybody wait who comes after it: silos that serve, behind a backup that has hours to go. So it is not waited for long.</remarks>
    private async Task<bool> TryApplyAsync(NpgsqlConnection connection, Migration migration)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            await connection.ExecuteAsync($"SET LOCAL lock_timeout = {LockMilliseconds}", transaction: transaction);
            await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: Unlimited);
            await connection.ExecuteAsync(
                "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (@Number, @Name, @Checksum, @at)",
                new { migration.Number, migration.Name, migration.Checksum, at = clock.GetUtcNow() },
                transaction);
            await transaction.CommitAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            await transaction.RollbackAsync();
            return false;
        }
    }

    /// <summary>For the operator: who may have to end first. The server tells of the same role's transactions only, unless the role may see all.</summary>
    private static async Task<string> LongestAsync(NpgsqlConnection connection) => string.Join(", ", await connection.QueryAsync<string>("""
        SELECT format('process %s (%s) since %s', pid, COALESCE(NULLIF(application_name, ''), usename), to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
        FROM pg_stat_activity
        WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
        ORDER BY xact_start
        LIMIT 3
        """));

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
