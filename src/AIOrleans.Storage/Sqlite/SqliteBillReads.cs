using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Reports;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Reads the ledger of SQLite in one read transaction, beside the writer.</summary>
internal sealed class SqliteBillReads(SqliteLedgerStore ledger, SqliteReads reads) : IBillReads
{
    public async Task<BillReport> ReadAsync(BillQuery query, Func<BillCheck> begin, CancellationToken cancellationToken)
    {
        await ledger.CatchUpAsync(cancellationToken);
        return await reads.RunAsync(connection => Read(connection, query, begin()), cancellationToken);
    }

    private static BillReport Read(SqliteConnection connection, BillQuery query, BillCheck check)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        Read(connection, BillSql.Events, query, row => check.Add(EventColumns.Read(row)));
        Read(connection, BillSql.Windows, query, row => check.Add(BillSql.ReadWindow(row)));
        ReadTail(connection, query, check);
        return check.Finish();
    }

    /// <summary>Events that are not in the windows yet: no sum is wrong because it is not added up yet.</summary>
    private static void ReadTail(SqliteConnection connection, BillQuery query, BillCheck check)
    {
        var calendar = new EventWindows();
        long from = query.From?.ToMicros() ?? long.MinValue;
        long to = query.To?.ToMicros() ?? long.MaxValue;
        Read(connection, $"SELECT {TailColumns.Selected} FROM usage_event WHERE sequence > (SELECT sequence FROM window_mark)", query, row =>
        {
            var sum = new WindowSum(row.GetInt64(2), row.GetInt64(3), new NanoUsd(row.GetInt64(4)));
            WindowMicros starts = calendar.At(row.GetInt64(5), row.GetString(6));
            foreach ((StoredPeriod period, long start) in new[] { (StoredPeriod.Day, starts.Day), (StoredPeriod.Month, starts.Month) })
            {
                if (sum != default && start >= from && start < to)
                {
                    foreach (AccountId account in PathText.ReadPath(row.GetString(0)))
                    {
                        check.Add(new StoredWindow(account, period, Instants.FromMicros(start), row.GetString(1), sum));
                    }
                }
            }
        });
    }

    private static void Read(SqliteConnection connection, string sql, BillQuery query, Action<SqliteDataReader> read)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in BillSql.ParametersOf(query, sql))
        {
            command.Parameters.AddWithValue(name, value);
        }

        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            read(reader);
        }
    }
}
