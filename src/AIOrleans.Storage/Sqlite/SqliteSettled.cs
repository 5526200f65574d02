using AIOrleans.Core.Ledger;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Knows which holds the tables have as settled. Has a connection of its own, so that it waits for no turn; one caller at a time.</summary>
internal sealed class SqliteSettled : ISqliteConnected, IDisposable
{
    private readonly SqliteFile file;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement hasAny;
    private readonly SqliteStatement end;
    private SqliteConnection? connection;

    public SqliteSettled(SqliteFile file)
    {
        this.file = file;
        begin = new SqliteStatement(this, "BEGIN");
        hasAny = new SqliteStatement(this, "SELECT 1 FROM usage_event WHERE hold_id = ? LIMIT 1");
        end = new SqliteStatement(this, "COMMIT");
    }

    public SqliteConnection Connection
    {
        get
        {
            if (connection is null)
            {
                connection = file.OpenReader();
                Generation++;
            }

            return connection;
        }
    }

    public int Generation { get; private set; }

    /// <summary>True when one of <paramref name="holds"/> was settled by a transaction that is committed.</summary>
    public bool HasAnyOf(HashSet<HoldId> holds)
    {
        if (holds.Count == 0)
        {
            return false;
        }

        // One look at the database for all: to begin one takes as long as to find a hold.
        begin.Start().Execute();
        try
        {
            foreach (HoldId id in holds)
            {
                hasAny.Start().Bind(id.Value);
                if (hasAny.Read())
                {
                    hasAny.Reset();
                    return true;
                }
            }

            return false;
        }
        finally
        {
            end.Start().Execute();
        }
    }

    /// <summary>Closes the connection, so that the next look opens another.</summary>
    public void Disconnect()
    {
        connection?.Dispose();
        connection = null;
        Generation++;
    }

    public void Dispose() => Disconnect();
}
