using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Directories;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The directory on SQLite. The single writing connection makes revisions visible in their order.</summary>
internal sealed class SqliteDirectoryStore(SqliteWriter writer, SqliteReads reads, SqliteReads loadReads) : IDirectoryStore
{
    private const string SelectKind = "SELECT id, body FROM directory_record WHERE kind = ? AND deleted = 0 ORDER BY id";

    /// <summary>Pages of the file that a load sees without copying them, in bytes; only address space.</summary>
    private const long LoadMapBytes = 4L * 1024 * 1024 * 1024;

    // The first two are nearly all of a large directory: each is read by a processor of its own.
    private static readonly RecordKind[][] LoadOrder =
    [
        [RecordKind.Key],
        [RecordKind.User, RecordKind.Team, RecordKind.App, RecordKind.Org, RecordKind.Tenant, RecordKind.Provider, RecordKind.Model, RecordKind.Admin],
    ];

    private readonly SqliteStatement upsert = new(writer, """
        INSERT INTO directory_record (kind, id, body, revision, deleted) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, revision = excluded.revision, deleted = excluded.deleted
        """);

    public async Task<long> LoadAsync(IRecordSink sink, CancellationToken cancellationToken)
    {
        long revision = await reads.RunAsync(connection => connection.ExecuteScalar<long>(RecordColumns.SelectNewest), cancellationToken);
        await Task.WhenAll(LoadOrder.Select(kinds => loadReads.RunAsync(connection => Load(connection, kinds, sink), cancellationToken)));
        return revision;
    }

    public Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(RecordColumns.SelectAfter, [("@after", afterRevision), ("@max", countMax)], RecordColumns.Read, cancellationToken);

    public Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => Write(connection, records, expectedRevision), cancellationToken);

    private static bool Load(SqliteConnection connection, RecordKind[] kinds, IRecordSink sink)
    {
        connection.Execute(FormattableString.Invariant($"PRAGMA mmap_size = {LoadMapBytes}"));

        // ! An open connection has a handle.
        sqlite3 handle = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(handle, SelectKind, out sqlite3_stmt statement), handle);
        using (statement)
        {
            foreach (RecordKind kind in kinds)
            {
                Check(raw.sqlite3_bind_text(statement, 1, RecordColumns.NameOf(kind)), handle);
                Load(statement, kind, sink, handle);
                Check(raw.sqlite3_reset(statement), handle);
            }
        }

        connection.Execute("PRAGMA mmap_size = 0");
        return true;
    }

    private static void Load(sqlite3_stmt statement, RecordKind kind, IRecordSink sink, sqlite3 handle)
    {
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            // Text as it is stored: the database is in UTF-8.
            sink.Add(kind, raw.sqlite3_column_blob(statement, 0), raw.sqlite3_column_blob(statement, 1));
        }

        if (code != raw.SQLITE_DONE)
        {
            Check(code, handle);
        }
    }

    private static void Check(int code, sqlite3 handle)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, handle);
        }
    }

    private long? Write(SqliteConnection connection, IReadOnlyList<DirectoryRecord> records, long? expectedRevision)
    {
        long revision = connection.ExecuteScalar<long>(RecordColumns.SelectNewest);
        if (expectedRevision is { } expected && expected != revision)
        {
            return null;
        }

        foreach (DirectoryRecord record in records)
        {
            upsert.Start().Bind(RecordColumns.NameOf(record.Kind)).Bind(record.Id).Bind(record.Body).Bind(++revision).Bind(record.Deleted).Execute();
        }

        connection.Execute("UPDATE directory_counter SET revision = @revision", new { revision });
        return revision;
    }
}
