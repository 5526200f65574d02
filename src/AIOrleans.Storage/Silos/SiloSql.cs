using System.Data.Common;
using AIOrleans.Core.Silos;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Silos;

/// <summary>How processes are written and read, in both databases; only their clocks differ.</summary>
internal static class SiloSql
{
    public const string Newest = "SELECT (SELECT revision FROM directory_counter), (SELECT COALESCE(MAX(sequence), 0) FROM price_version)";

    public const string Leave = "DELETE FROM silo WHERE instance_id = @id";

    private const string Columns = "instance_id, name, address, http_address, version, role, started_at, stale_after_ms, directory_revision, price_sequence, load, seen_at";

    /// <param name="now">SQL of the store's clock, in microseconds.</param>
    public static string Beat(string now) => $"""
        INSERT INTO silo ({Columns})
        VALUES (@id, @name, @address, @httpAddress, @version, @role, @startedAt, @staleAfterMs, @revision, @sequence, @load, {now})
        ON CONFLICT (instance_id) DO UPDATE
        SET name = excluded.name, address = excluded.address, http_address = excluded.http_address, version = excluded.version, role = excluded.role,
            started_at = excluded.started_at, stale_after_ms = excluded.stale_after_ms, directory_revision = excluded.directory_revision,
            price_sequence = excluded.price_sequence, load = excluded.load, seen_at = excluded.seen_at
        """;

    public static string All(string now) => $"SELECT {Columns}, {now} FROM silo ORDER BY name, started_at";

    public static string Prune(string now) => $"DELETE FROM silo WHERE seen_at < {now} - @silence";

    public static IReadOnlyList<(string Name, object? Value)> ParametersOf(SiloRecord silo) =>
    [
        ("@id", silo.InstanceId), ("@name", silo.Name), ("@address", silo.Address), ("@httpAddress", silo.HttpAddress), ("@version", silo.Version), ("@role", silo.Role),
        ("@startedAt", silo.StartedAt.ToMicros()), ("@staleAfterMs", (long)silo.StaleAfter.TotalMilliseconds), ("@revision", silo.Known.Directory),
        ("@sequence", silo.Known.Prices), ("@load", silo.Load),
    ];

    public static StoreVersion ReadVersion(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    public static SeenSilo Read(DbDataReader row)
    {
        var silo = new SiloRecord
        {
            InstanceId = row.GetString(0),
            Name = row.GetString(1),
            Address = row.GetString(2),
            HttpAddress = row.GetString(3),
            Version = row.GetString(4),
            Role = row.GetString(5),
            StartedAt = Instants.FromMicros(row.GetInt64(6)),
            StaleAfter = TimeSpan.FromMilliseconds(row.GetInt64(7)),
            Known = new StoreVersion(row.GetInt64(8), row.GetInt64(9)),
            Load = row.GetString(10),
        };
        long seenAt = row.GetInt64(11);
        return new SeenSilo(silo, Instants.FromMicros(seenAt), TimeSpan.FromMicroseconds(row.GetInt64(12) - seenAt));
    }
}
