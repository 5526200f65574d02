using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>One prepared statement of a connection, bound by position; prepared again after a reconnect.</summary>
/// <remarks>
/// Microsoft.Data.Sqlite looks every parameter up by name and boxes it at each run; a settlement has 36.
/// Benchmark: LedgerThroughput. Not thread-safe.
/// </remarks>
internal sealed class SqliteStatement(ISqliteConnected connected, string sql)
{
    /// <summary>Texts up to this many UTF-8 bytes are bound from the stack.</summary>
    private const int StackBytesMax = 512;

    private sqlite3_stmt? statement;
    private sqlite3? handle;
    private int generation = -1;
    private int position;

    /// <summary>Begins a new run: the next value bound is the first parameter.</summary>
    public SqliteStatement Start()
    {
        sqlite3 open = connected.Connection.Handle
            ?? throw new InvalidOperationException("The connection is closed.");
        if (statement is null || generation != connected.Generation)
        {
            statement?.Dispose();
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(open, sql, out statement), open);
            handle = open;
            generation = connected.Generation;
        }

        position = 0;
        return this;
    }

    public SqliteStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(statement, ++position, value));
        return this;
    }

    public SqliteStatement Bind(long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, ++position, number) : raw.sqlite3_bind_null(statement, ++position));
        return this;
    }

    public SqliteStatement Bind(bool value) => Bind(value ? 1 : 0);

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, ++position));
            return this;
        }

        int bytesMax = value.Length * 3;
        Span<byte> bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        int count = Encoding.UTF8.GetBytes(value, bytes);
        return BindUtf8(bytes[..count]);
    }

    /// <summary>Binds a text; SQLite copies it.</summary>
    public SqliteStatement BindUtf8(ReadOnlySpan<byte> text)
    {
        // An empty span would be bound as NULL.
        Check(text.IsEmpty ? raw.sqlite3_bind_text(statement, ++position, "") : raw.sqlite3_bind_text(statement, ++position, text));
        return this;
    }

    /// <summary>Binds 16 big-endian bytes, which sort as the text of the id does.</summary>
    public SqliteStatement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(statement, ++position, bytes));
        return this;
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>How many rows changed.</returns>
    public int Execute()
    {
        int code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            raw.sqlite3_reset(statement);
            Check(code);
        }

        Check(raw.sqlite3_reset(statement));
        return raw.sqlite3_changes(handle);
    }

    /// <summary>Reads the next row; false, and reset, at the end.</summary>
    public bool Read()
    {
        int code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Ends a run whose rows were not all read.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public long? LongOrNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public Guid Id(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, handle);
        }
    }
}
