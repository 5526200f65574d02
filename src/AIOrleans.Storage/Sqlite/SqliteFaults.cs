using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>What SQLite's result codes mean for us. Source: sqlite.org/rescode.html.</summary>
internal static class SqliteFaults
{
    /// <summary>The file, its disk or its lock is in the way: it may pass, whatever is written.</summary>
    public static bool IsUnavailable(SqliteException exception) => exception.SqliteErrorCode is
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR
        or raw.SQLITE_CORRUPT or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB;

    public static LedgerFault Classify(Exception exception) => exception switch
    {
        SqliteException e when IsUnavailable(e) => LedgerFault.Unreachable,
        StoreUnavailableException => LedgerFault.Unreachable,
        _ => LedgerFault.Refused,
    };
}
