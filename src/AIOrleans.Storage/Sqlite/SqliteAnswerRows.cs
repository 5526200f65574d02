using System.Data.Common;
using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Kept answers on SQLite: each write in a turn of the one writing connection.</summary>
internal sealed class SqliteAnswerRows(SqliteWriter writer, SqliteReads reads) : IAnswerRows
{
    public Task<AnswerRow?> ClaimAsync(NewAnswerRow row, CancellationToken cancellationToken) =>
        writer.RunAsync(
            connection =>
            {
                connection.Execute(AnswerSql.Claim, new
                {
                    key = row.Key,
                    tenant = row.Tenant,
                    id = BytesOf(row.RequestId),
                    fingerprint = row.Fingerprint,
                    leaseUntil = row.LeaseUntil.ToMicros(),
                    createdAt = row.CreatedAt.ToMicros(),
                    expiresAt = row.ExpiresAt.ToMicros(),
                });
                return Select(connection, row.Key);
            },
            cancellationToken);

    public Task<bool> RenewAsync(string key, Guid requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        ChangesAsync(AnswerSql.Renew, new { key, id = BytesOf(requestId), leaseUntil = leaseUntil.ToMicros() }, cancellationToken);

    public Task<bool> EndAsync(string key, Guid requestId, byte[]? sealedAnswer, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        ChangesAsync(
            AnswerSql.End,
            new
            {
                key,
                id = BytesOf(requestId),
                state = (int)(sealedAnswer is null ? AnswerRowState.NotKept : AnswerRowState.Kept),
                answer = sealedAnswer,
                expiresAt = expiresAt.ToMicros(),
            },
            cancellationToken);

    public Task RemoveAsync(string key, Guid requestId, CancellationToken cancellationToken) =>
        ChangesAsync(AnswerSql.Remove, new { key, id = BytesOf(requestId) }, cancellationToken);

    public async Task<byte[]?> ReadAsync(string key, Guid requestId, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> found = await reads.ReadAsync(
            AnswerSql.Read, [("@key", key), ("@id", BytesOf(requestId))], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => connection.Execute(AnswerSql.Sweep, new { now = now.ToMicros(), countMax }), cancellationToken);

    private static AnswerRow? Select(SqliteConnection connection, string key)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = AnswerSql.Select;
        command.Parameters.AddWithValue("@key", key);
        using DbDataReader row = command.ExecuteReader();
        return row.Read()
            ? new AnswerRow(EventColumns.ReadId(row, 0).Value, row.GetString(1), (AnswerRowState)row.GetInt32(2), Instants.FromMicros(row.GetInt64(3)))
            : null;
    }

    /// <summary>Ids are 16 big-endian bytes here, as everywhere in this database.</summary>
    private static byte[] BytesOf(Guid id) => id.ToByteArray(bigEndian: true);

    private Task<bool> ChangesAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => connection.Execute(sql, parameters) > 0, cancellationToken);
}
