using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Directories;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The directory on SQLite. The single writing connection makes revisions visible in their order.</summary>
internal sealed class SqliteDirectoryStore(SqliteWriter writer, SqliteReads reads) : IDirectoryStore
{
    public Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, CancellationToken cancellationToken) =>
        reads.ReadAsync(RecordColumns.SelectAfter, [("@after", afterRevision)], RecordColumns.Read, cancellationToken);

    public Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => Write(connection, records, expectedRevision), cancellationToken);

    private static long? Write(SqliteConnection connection, IReadOnlyList<DirectoryRecord> records, long? expectedRevision)
    {
        long revision = connection.ExecuteScalar<long>("SELECT revision FROM directory_counter");
        if (expectedRevision is { } expected && expected != revision)
        {
            return null;
        }

        foreach (DirectoryRecord record in records)
        {
            connection.Execute(RecordColumns.Upsert, RecordColumns.ParametersOf(record, ++revision));
        }

        connection.Execute("UPDATE directory_counter SET revision = @revision", new { revision });
        return revision;
    }
}
