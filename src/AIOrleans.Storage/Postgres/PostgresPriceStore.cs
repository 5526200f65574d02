using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Prices;
using Dapper;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>The price history on PostgreSQL. Writers take turns by the table's lock, so that lines become visible in their order.</summary>
internal sealed class PostgresPriceStore(PostgresConnections connections, PostgresReads reads) : IPriceStore
{
    public Task<IReadOnlyList<PriceRecord>> ReadAsync(long afterSequence, CancellationToken cancellationToken) =>
        reads.ReadAsync(PriceColumns.SelectAfter, [("@after", afterSequence)], PriceColumns.Read, cancellationToken);

    public async Task<bool> WriteAsync(IReadOnlyList<PriceRecord> records, long expectedSequence, CancellationToken cancellationToken)
    {
        try
        {
            // Not repeated after a fault: a commit whose answer was lost would then refuse its own expected sequence.
            await using NpgsqlConnection connection = await connections.Source.OpenConnectionAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync("LOCK TABLE price_version IN EXCLUSIVE MODE", transaction: transaction);
            long newest = await connection.QuerySingleAsync<long>(PriceColumns.SelectNewest, transaction: transaction);
            if (newest != expectedSequence)
            {
                return false;
            }

            await connection.ExecuteAsync(PriceColumns.Insert, records.Select((record, i) => PriceColumns.ParametersOf(record, newest + 1 + i)), transaction);
            await connection.ExecuteAsync(PostgresSilos.NotifySql, transaction: transaction);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (PostgresFaults.Classify(e) != LedgerFault.Refused && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"The database ({connections.Name}) cannot be written now: {e.Message}", e);
        }
    }
}
