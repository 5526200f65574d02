using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The database file: how connections to it are opened, and the lock that keeps it ours alone.</summary>
/// <remarks>
/// The lock is a file of its own (<c>*.lock</c>), held as long as the process lives and freed by the system when it is killed. SQLite's own exclusive
/// mode would lock out our reading connections too.
/// </remarks>
internal sealed class SqliteFile(string path, LedgerDurability durability) : IDisposable
{
    /// <summary>How long a statement waits for another connection of this process before it fails, in milliseconds.</summary>
    private const int BusyTimeoutMs = 2_000;

    private FileStream? processLock;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Takes the file for this process.</summary>
    /// <exception cref="InvalidOperationException">Another process has it, or the directory cannot be written.</exception>
    public void Lock()
    {
        if (processLock is not null)
        {
            return;
        }

        try
        {
            // ! A full path of a file has a directory.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            processLock = new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidOperationException($"The database {Path} cannot be opened: this user may not write to its directory.", e);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(
                $"The database {Path} is in use by another process (or its directory cannot be written: {e.Message}). SQLite serves one gateway process: stop "
                + "the other one, give this one another Storage:Path or AIORLEANS_DATA, or use Storage:Provider=postgresql for several.", e);
        }
    }

    /// <summary>Opens the one writing connection.</summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadWriteCreate, pooling: false);
        string synchronous = durability == LedgerDurability.Fast ? "NORMAL" : "FULL";

        // A checkpoint every 4,000 pages (16 MB) rather than 1,000: it writes pages that many batches changed only once.
        Execute(connection, $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {synchronous};
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -65536;
            PRAGMA temp_store = MEMORY;
            PRAGMA busy_timeout = {BusyTimeoutMs};
            """);
        return connection;
    }

    /// <summary>Opens a pooled connection that cannot write.</summary>
    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadOnly, pooling: true);
        Execute(connection, $"PRAGMA busy_timeout = {BusyTimeoutMs};");
        return connection;
    }

    public void Dispose()
    {
        SqliteConnection.ClearPool(new SqliteConnection(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true)));
        processLock?.Dispose();
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(ConnectionString(mode, pooling));
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new StoreUnavailableException($"The database {Path} cannot be opened: {e.Message}", e);
        }
    }

    private string ConnectionString(SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = pooling }.ToString();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
