using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Prices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The price history on SQLite. The single writing connection numbers its lines in order.</summary>
internal sealed class SqlitePriceStore(SqliteWriter writer, SqliteReads reads) : IPriceStore
{
    public Task<IReadOnlyList<PriceRecord>> ReadAsync(long afterSequence, CancellationToken cancellationToken) =>
        reads.ReadAsync(PriceColumns.SelectAfter, [("@after", afterSequence)], PriceColumns.Read, cancellationToken);

    public Task<bool> WriteAsync(IReadOnlyList<PriceRecord> records, long expectedSequence, CancellationToken cancellationToken) =>
        writer.RunAsync(connection => Write(connection, records, expectedSequence), cancellationToken);

    private static bool Write(SqliteConnection connection, IReadOnlyList<PriceRecord> records, long expectedSequence)
    {
        long newest = connection.ExecuteScalar<long>(PriceColumns.SelectNewest);
        if (newest != expectedSequence)
        {
            return false;
        }

        foreach (PriceRecord record in records)
        {
            connection.Execute(PriceColumns.Insert, PriceColumns.ParametersOf(record, ++newest));
        }

        return true;
    }
}
