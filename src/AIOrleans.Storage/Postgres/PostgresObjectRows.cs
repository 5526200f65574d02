using AIOrleans.Core.Objects;
using AIOrleans.Storage.Objects;
using Dapper;

namespace AIOrleans.Storage.Postgres;

/// <summary>The objects of providers on PostgreSQL.</summary>
internal sealed class PostgresObjectRows(PostgresReads statements) : IObjectRows
{
    public Task WriteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        statements.RunAsync(connection => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    public Task<IReadOnlyList<string>> ReadIdsAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        statements.ReadAsync(sql, parameters, row => row.GetString(0), cancellationToken);

    public Task<IReadOnlyList<StoredObject>> ReadAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        statements.ReadAsync(sql, parameters, ObjectColumns.Read, cancellationToken);

    public Task<IReadOnlyList<StoredObject>> ChangeAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        ReadAsync(sql, parameters, cancellationToken);
}
