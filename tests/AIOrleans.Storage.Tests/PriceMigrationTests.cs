using AIOrleans.Storage.Migrations;
using AIOrleans.Storage.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Storage.Tests;

/// <summary>What migration 0005 makes of a ledger that was written before it. (The statements are the same on both databases.)</summary>
public sealed class PriceMigrationTests
{
    [Fact]
    public void Earlier_events_can_be_recomputed_as_far_as_they_tell()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        IReadOnlyList<Migration> all = Migration.ReadAll("sqlite");
        new SqliteMigrator([.. all.Where(migration => migration.Number < 5)], TimeProvider.System, NullLogger.Instance).Apply(connection);
        Insert(connection, sequence: 1, requests: 1, tokens: 10, costNano: 7, estimated: 0);
        Insert(connection, sequence: 2, requests: 1, tokens: 10, costNano: 3, estimated: 1);
        Insert(connection, sequence: 3, requests: 0, tokens: 0, costNano: 0, estimated: 0);

        new SqliteMigrator(all, TimeProvider.System, NullLogger.Instance).Apply(connection);

        (string Version, string Service, long Tier, long? Max)[] rows =
            [.. connection.Query<(string, string, long, long?)>("SELECT price_version, service, tier_above_tokens, cost_max_nano FROM usage_event ORDER BY sequence")];
        Assert.Equal([("p-1", "standard", 0, null), ("p-1", "standard", 0, 3), ("", "standard", 0, null)], rows);
    }

    private static void Insert(SqliteConnection connection, long sequence, int requests, long tokens, long costNano, int estimated) => connection.Execute(
        """
        INSERT INTO usage_event VALUES (@sequence, randomblob(16), 1, 'tenant:acme', 'acme', NULL, NULL, NULL, NULL, 'k', 'm', 'UTC', '{}', 'chat', @requests,
            @tokens, 0, 0, 0, 0, 0, 0, 0, @costNano, @estimated, 'openai', 'm', 'p-1', 200, 'nobody', 0, 1, 2, 20260101, 1, NULL)
        """,
        new { sequence, requests, tokens, costNano, estimated });
}
