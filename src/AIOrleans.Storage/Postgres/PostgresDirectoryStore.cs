using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Directories;
using AIOrleans.Storage.Ledger;
using Dapper;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>The directory on PostgreSQL. The counter's row lock makes revisions visible in their order.</summary>
internal sealed class PostgresDirectoryStore(PostgresConnections connections, PostgresReads reads) : IDirectoryStore
{
    private const string UpsertSql = """
        INSERT INTO directory_record (kind, id, body, revision, deleted) SELECT * FROM unnest(@kinds, @ids, @bodies, @revisions, @deleted)
        ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, revision = excluded.revision, deleted = excluded.deleted
        """;

    private const string SelectKind = "SELECT id, body FROM directory_record WHERE kind = @kind AND deleted = 0";

    /// <summary>Records of one statement: an array of parameters may have a gigabyte at most.</summary>
    private const int StatementRecordsMax = 20_000;

    public async Task<long> LoadAsync(IRecordSink sink, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await connections.Source.OpenConnectionAsync(cancellationToken);
            long revision = await connection.QuerySingleAsync<long>(RecordColumns.SelectNewest);
            foreach (RecordKind kind in Enum.GetValues<RecordKind>())
            {
                await LoadAsync(connection, kind, sink, cancellationToken);
            }

            return revision;
        }
        catch (Exception e) when (PostgresFaults.Classify(e) != LedgerFault.Refused && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"The database ({connections.Name}) cannot be read now: {e.Message}", e);
        }
    }

    public Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, int countMax, CancellationToken cancellationToken) =>
        reads.ReadAsync(RecordColumns.SelectAfter, [("@after", afterRevision), ("@max", countMax)], RecordColumns.Read, cancellationToken);

    public async Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken)
    {
        try
        {
            // Not repeated after a fault: a commit whose answer was lost would then refuse its own expected revision.
            await using NpgsqlConnection connection = await connections.Source.OpenConnectionAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            long? revision = await WriteAsync(transaction, records, expectedRevision);
            await (revision is null ? transaction.RollbackAsync(cancellationToken) : transaction.CommitAsync(cancellationToken));
            return revision;
        }
        catch (Exception e) when (PostgresFaults.Classify(e) != LedgerFault.Refused && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"The database ({connections.Name}) cannot be written now: {e.Message}", e);
        }
    }

    private static async Task LoadAsync(NpgsqlConnection connection, RecordKind kind, IRecordSink sink, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectKind, connection) { CommandTimeout = (int)RecordColumns.LoadTimeout.TotalSeconds };
        command.Parameters.AddWithValue("@kind", RecordColumns.NameOf(kind));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sink.Add(kind, Encoding.UTF8.GetBytes(reader.GetString(0)), Encoding.UTF8.GetBytes(reader.GetString(1)));
        }
    }

    private static async Task<long?> WriteAsync(NpgsqlTransaction transaction, IReadOnlyList<DirectoryRecord> records, long? expectedRevision)
    {
        // ! A transaction that is open has a connection.
        NpgsqlConnection connection = transaction.Connection!;
        long newest = await connection.QuerySingleAsync<long>(
            "UPDATE directory_counter SET revision = revision + @count RETURNING revision", new { count = records.Count }, transaction);
        if (expectedRevision is { } expected && newest - records.Count != expected)
        {
            return null;
        }

        // One statement cannot write a row twice: of two records with one id the later stands.
        List<(DirectoryRecord Record, long Revision)> rows =
        [
            .. records.Select((record, i) => (Record: record, Revision: newest - records.Count + 1 + i))
                .GroupBy(row => (row.Record.Kind, row.Record.Id)).Select(same => same.Last()),
        ];
        foreach ((DirectoryRecord Record, long Revision)[] some in rows.Chunk(StatementRecordsMax))
        {
            var parameters = new
            {
                kinds = some.Select(row => RecordColumns.NameOf(row.Record.Kind)).ToArray(),
                ids = some.Select(row => row.Record.Id).ToArray(),
                bodies = some.Select(row => row.Record.Body).ToArray(),
                revisions = some.Select(row => row.Revision).ToArray(),
                deleted = some.Select(row => (short)(row.Record.Deleted ? 1 : 0)).ToArray(),
            };
            await connection.ExecuteAsync(UpsertSql, parameters, transaction);
        }

        await connection.ExecuteAsync(PostgresSilos.NotifySql, transaction: transaction);
        return newest;
    }
}
