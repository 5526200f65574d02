using Dapper;
using Microsoft.Data.Sqlite;

namespace Orleans.Compat.State;

/// <summary>One connection to one SQLite file, used by one caller at a time.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;

    /// <param name="schema">Statements that make the tables if they do not exist.</param>
    internal SqliteFile(string path, string schema)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        // With NORMAL a power cut may lose the last records, never the file; a killed process loses nothing.
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;");
        connection.Execute(schema);
    }

    public void Dispose()
    {
        lock (gate)
        {
            connection.Dispose();
        }
    }

    internal TResult Use<TResult>(Func<SqliteConnection, TResult> use)
    {
        lock (gate)
        {
            return use(connection);
        }
    }
}
