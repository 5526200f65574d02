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

    public Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, CancellationToken cancellationToken) =>
        reads.ReadAsync(RecordColumns.SelectAfter, [("@after", afterRevision)], RecordColumns.Read, cancellationToken);

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
        var parameters = new
        {
            kinds = rows.Select(row => RecordColumns.NameOf(row.Record.Kind)).ToArray(),
            ids = rows.Select(row => row.Record.Id).ToArray(),
            bodies = rows.Select(row => row.Record.Body).ToArray(),
            revisions = rows.Select(row => row.Revision).ToArray(),
            deleted = rows.Select(row => (short)(row.Record.Deleted ? 1 : 0)).ToArray(),
        };
        await connection.ExecuteAsync(UpsertSql, parameters, transaction);
        await connection.ExecuteAsync(PostgresSilos.NotifySql, transaction: transaction);
        return newest;
    }
}
