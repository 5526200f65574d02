using AIOrleans.Core.Ports;
using AIOrleans.Storage.Facts;
using Dapper;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Facts on SQLite.</summary>
internal sealed class SqliteFacts(SqliteWriter writer, SqliteReads reads) : IFactStore
{
    public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) =>
        reads.RunAsync(connection => connection.QuerySingleOrDefault<string>(FactSql.Select, new { name }), cancellationToken);

    public Task WriteAsync(string name, string value, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => connection.Execute(FactSql.Upsert, new { name, value }), cancellationToken);
}
