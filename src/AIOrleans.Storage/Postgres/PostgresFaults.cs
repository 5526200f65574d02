using System.Net.Sockets;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Ledger;
using Npgsql;

namespace AIOrleans.Storage.Postgres;

/// <summary>What PostgreSQL's error codes mean for us. Source: postgresql.org/docs/current/errcodes-appendix.html.</summary>
internal static class PostgresFaults
{
    public static LedgerFault Classify(Exception exception) => exception switch
    {
        PostgresException e => Classify(e.SqlState),
        NpgsqlException or TimeoutException or SocketException or IOException or StoreUnavailableException => LedgerFault.Unreachable,
        _ => LedgerFault.Refused,
    };

    private static LedgerFault Classify(string state) => state switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => LedgerFault.Conflict,

        // A standby that was promoted elsewhere, or is not promoted yet.
        PostgresErrorCodes.ReadOnlySqlTransaction => LedgerFault.Unreachable,

        // Connection; insufficient resources; shut down, starting or cancelled; the server's own I/O.
        _ when state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) => LedgerFault.Unreachable,
        _ => LedgerFault.Refused,
    };
}
