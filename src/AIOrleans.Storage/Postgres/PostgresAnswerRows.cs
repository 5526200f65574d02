using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Ledger;
using Dapper;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Kept answers on PostgreSQL. Each statement is its own transaction and may be repeated.</summary>
internal sealed class PostgresAnswerRows(PostgresReads statements) : IAnswerRows
{
    public Task<AnswerRow?> ClaimAsync(NewAnswerRow row, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            key = row.Key,
            tenant = row.Tenant,
            id = row.RequestId,
            fingerprint = row.Fingerprint,
            leaseUntil = row.LeaseUntil.ToMicros(),
            createdAt = row.CreatedAt.ToMicros(),
            expiresAt = row.ExpiresAt.ToMicros(),
        };
        return statements.RunAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(AnswerSql.Claim, parameters, cancellationToken: cancellationToken));
                return await SelectAsync(connection, row.Key, cancellationToken);
            },
            cancellationToken);
    }

    public Task<bool> RenewAsync(string key, Guid requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        ChangesAsync(AnswerSql.Renew, new { key, id = requestId, leaseUntil = leaseUntil.ToMicros() }, cancellationToken);

    public Task<bool> EndAsync(string key, Guid requestId, byte[]? sealedAnswer, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        ChangesAsync(
            AnswerSql.End,
            new
            {
                key,
                id = requestId,
                state = (short)(sealedAnswer is null ? AnswerRowState.NotKept : AnswerRowState.Kept),
                answer = sealedAnswer,
                expiresAt = expiresAt.ToMicros(),
            },
            cancellationToken);

    public Task RemoveAsync(string key, Guid requestId, CancellationToken cancellationToken) =>
        ChangesAsync(AnswerSql.Remove, new { key, id = requestId }, cancellationToken);

    public async Task<byte[]?> ReadAsync(string key, Guid requestId, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> found = await statements.ReadAsync(
            AnswerSql.Read, [("@key", key), ("@id", requestId)], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        statements.RunAsync(
            connection => connection.ExecuteAsync(
                new CommandDefinition(AnswerSql.Sweep, new { now = now.ToMicros(), countMax }, cancellationToken: cancellationToken)),
            cancellationToken);

    private static async Task<AnswerRow?> SelectAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AnswerSql.Select, connection);
        command.Parameters.AddWithValue("@key", key);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new AnswerRow(EventColumns.ReadId(row, 0).Value, row.GetString(1), (AnswerRowState)row.GetInt16(2), Instants.FromMicros(row.GetInt64(3)))
            : null;
    }

    private Task<bool> ChangesAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        statements.RunAsync(
            async connection => await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) > 0,
            cancellationToken);
}
