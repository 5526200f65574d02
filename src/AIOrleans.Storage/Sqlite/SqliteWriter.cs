using AIOrleans.Core.Ports;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The one writing connection and the turn to use it: the ledger's thread takes it for each batch, others wait asynchronously.</summary>
internal sealed class SqliteWriter(SqliteFile file, TimeSpan turnTimeout) : ISqliteConnected, IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private SqliteConnection? connection;

    public int Generation { get; private set; }

    /// <summary>The open connection. Only within a turn.</summary>
    public SqliteConnection Connection
    {
        get
        {
            if (connection is null)
            {
                connection = file.OpenWriter();
                Generation++;
            }

            return connection;
        }
    }

    /// <summary>Runs <paramref name="work"/>, which may make transactions, on the calling thread, which blocks.</summary>
    public void InTurn(Action work)
    {
        if (!turn.Wait(turnTimeout))
        {
            throw TurnTooLong();
        }

        try
        {
            work();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Likewise for callers that are not the ledger's thread; over within some milliseconds.</summary>
    public async Task InTurnAsync(Action work, CancellationToken cancellationToken)
    {
        if (!await turn.WaitAsync(turnTimeout, cancellationToken))
        {
            throw TurnTooLong();
        }

        try
        {
            work();
        }
        catch (SqliteException e) when (SqliteFaults.IsUnavailable(e))
        {
            throw new StoreUnavailableException($"The database {file.Path} cannot be written: {e.Message}", e);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs <paramref name="work"/> in one transaction in a turn of its own; commits within a millisecond or so.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        T? result = default;
        await InTurnAsync(() => InTransaction(() => result = work(Connection)), cancellationToken);

        // ! Set by the work, which would have thrown otherwise.
        return result!;
    }

    /// <summary>Runs <paramref name="work"/> in one transaction. Only within a turn.</summary>
    public void InTransaction(Action work)
    {
        // ! An open connection has a handle.
        sqlite3 handle = Connection.Handle!;
        Execute(handle, "BEGIN IMMEDIATE");
        try
        {
            work();
            Execute(handle, "COMMIT");
        }
        finally
        {
            // Still open only when the work or the commit failed.
            if (raw.sqlite3_get_autocommit(handle) == 0)
            {
                raw.sqlite3_exec(handle, "ROLLBACK");
            }
        }
    }

    /// <summary>Closes the connection, so that the next turn opens another.</summary>
    public void Disconnect()
    {
        turn.Wait();
        connection?.Dispose();
        connection = null;
        Generation++;
        turn.Release();
    }

    public void Dispose()
    {
        Disconnect();
        turn.Dispose();
    }

    private static void Execute(sqlite3 handle, string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(handle, sql), handle);

    private StoreUnavailableException TurnTooLong() => new($"The database {file.Path} was busy for {turnTimeout.TotalSeconds:0} s.");
}
