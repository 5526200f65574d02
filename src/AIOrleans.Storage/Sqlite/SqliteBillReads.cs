using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Reports;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Reads the ledger of SQLite in one read transaction, beside the writer.</summary>
internal sealed class SqliteBillReads(SqliteReads reads) : IBillReads
{
    public Task<BillReport> ReadAsync(BillQuery query, Func<BillCheck> begin, CancellationToken cancellationToken) =>
        reads.RunAsync(connection => Read(connection, query, begin()), cancellationToken);

    private static BillReport Read(SqliteConnection connection, BillQuery query, BillCheck check)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        Read(connection, BillSql.Events, query, row => check.Add(EventColumns.Read(row)));
        Read(connection, BillSql.Windows, query, row => check.Add(BillSql.ReadWindow(row)));
        return check.Finish();
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
