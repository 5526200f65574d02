using AIOrleans.Core.Ports;
using AIOrleans.Storage.Facts;
using Dapper;

namespace AIOrleans.Storage.Postgres;

/// <summary>Facts on PostgreSQL.</summary>
internal sealed class PostgresFacts(PostgresReads reads) : IFactStore
{
    public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) =>
        reads.RunAsync(connection => connection.QuerySingleOrDefaultAsync<string>(FactSql.Select, new { name }), cancellationToken);

    public Task WriteAsync(string name, string value, CancellationToken cancellationToken) =>
        reads.RunAsync(connection => connection.ExecuteAsync(FactSql.Upsert, new { name, value }), cancellationToken);
}
