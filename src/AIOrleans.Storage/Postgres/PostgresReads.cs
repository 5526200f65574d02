using System.Data.Common;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>Statements that may be repeated: a broken connection is replaced and they run again, within the timeout.</summary>
internal sealed class PostgresReads(PostgresConnections connections, TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(100);

    /// <summary>All rows of one statement.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, IReadOnlyList<(string Name, object? Value)> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<T>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds) };
                foreach ((string name, object? value) in parameters)
                {
                    command.Parameters.AddWithValue(name, value ?? DBNull.Value);
                }

                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                List<T> rows = [];
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);

    /// <summary>Runs <paramref name="work"/>, which must be repeatable, until it succeeds or the time is up.</summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        long startedAt = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using NpgsqlConnection connection = await connections.Source.OpenConnectionAsync(cancellationToken);
                return await work(connection);
            }
            catch (Exception e) when (PostgresFaults.Classify(e) != LedgerFault.Refused && !cancellationToken.IsCancellationRequested)
            {
                if (clock.GetElapsedTime(startedAt) + ReconnectPause >= timeout)
                {
                    throw new StoreUnavailableException($"The database ({connections.Name}) did not answer within {timeout.TotalSeconds:0} s.", e);
                }
            }

            await Task.Delay(ReconnectPause, clock, cancellationToken);
        }
    }
}
