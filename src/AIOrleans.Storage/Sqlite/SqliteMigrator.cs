using AIOrleans.Storage.Migrations;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Brings a SQLite file to the newest schema. The process lock of <see cref="SqliteFile"/> keeps others out; each migration is one transaction.</summary>
internal sealed class SqliteMigrator(IReadOnlyList<Migration> known, TimeProvider clock, ILogger logger)
{
    public void Apply(SqliteConnection connection)
    {
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS schema_migration (
                number     INTEGER NOT NULL PRIMARY KEY,
                name       TEXT    NOT NULL,
                checksum   TEXT    NOT NULL,
                applied_at TEXT    NOT NULL
            )
            """);
        List<AppliedMigration> applied = [.. connection.Query("SELECT number, name, checksum FROM schema_migration ORDER BY number")
            .Select(row => new AppliedMigration((int)row.number, (string)row.name, (string)row.checksum))];
        foreach (Migration migration in MigrationPlan.Of(known, applied))
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(migration.Sql, transaction: transaction);
            connection.Execute(
                "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (@Number, @Name, @Checksum, @at)",
                new { migration.Number, migration.Name, migration.Checksum, at = clock.GetUtcNow().ToString("O") },
                transaction);
            transaction.Commit();
            StorageLog.MigrationApplied(logger, migration.Number, migration.Name);
        }
    }
}
