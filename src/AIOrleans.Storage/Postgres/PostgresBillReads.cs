using System.Data;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Reports;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Reads the ledger of PostgreSQL in one snapshot.</summary>
internal sealed class PostgresBillReads(PostgresReads reads, TimeSpan timeout) : IBillReads
{
    public Task<BillReport> ReadAsync(BillQuery query, Func<BillCheck> begin, CancellationToken cancellationToken) =>
        reads.RunAsync(
            async connection =>
            {
                BillCheck check = begin();
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                await ReadAsync(connection, BillSql.Events, query, row => check.Add(EventColumns.Read(row)), cancellationToken);
                await ReadAsync(connection, BillSql.Windows, query, row => check.Add(BillSql.ReadWindow(row)), cancellationToken);
                return check.Finish();
            },
            cancellationToken);

    private async Task ReadAsync(NpgsqlConnection connection, string sql, BillQuery query, Action<NpgsqlDataReader> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds) };
        foreach ((string name, object value) in BillSql.ParametersOf(query, sql))
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }
}
