using AIOrleans.Core.Objects;
using AIOrleans.Storage.Objects;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The objects of providers on SQLite: each write in a turn of the one writing connection.</summary>
internal sealed class SqliteObjectRows(SqliteWriter writer, SqliteReads reads) : IObjectRows
{
    public Task WriteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => connection.Execute(sql, parameters), cancellationToken);

    public Task<IReadOnlyList<string>> ReadIdsAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        reads.ReadAsync(sql, parameters, row => row.GetString(0), cancellationToken);

    public Task<IReadOnlyList<StoredObject>> ReadAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        reads.ReadAsync(sql, parameters, ObjectColumns.Read, cancellationToken);

    public Task<IReadOnlyList<StoredObject>> ChangeAsync(string sql, IReadOnlyList<(string Name, object? Value)> parameters, CancellationToken cancellationToken) =>
        writer.RunAsync<IReadOnlyList<StoredObject>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = sql;
                foreach ((string name, object? value) in parameters)
                {
                    command.Parameters.AddWithValue(name, value ?? DBNull.Value);
                }

                using SqliteDataReader reader = command.ExecuteReader();
                List<StoredObject> rows = [];
                while (reader.Read())
                {
                    rows.Add(ObjectColumns.Read(reader));
                }

                return rows;
            },
            cancellationToken);
}
