using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage;

/// <summary>Log lines of storage: 6000–6999.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(6001, LogLevel.Information, "Applied migration {Number} {Name}")]
    public static partial void MigrationApplied(ILogger logger, int number, string name);

    [LoggerMessage(6002, LogLevel.Information, "Storage is ready: {Store}")]
    public static partial void Ready(ILogger logger, string store);

    [LoggerMessage(6003, LogLevel.Warning, "The database is away; the ledger keeps trying and answers its callers within the store timeout. {Reason}")]
    public static partial void StoreAway(ILogger logger, string reason);

    [LoggerMessage(6004, LogLevel.Information, "The database is back")]
    public static partial void StoreBack(ILogger logger);

    [LoggerMessage(6005, LogLevel.Warning, "A transaction of {Count} ledger calls failed; each goes alone now")]
    public static partial void BatchTakenApart(ILogger logger, int count, Exception exception);

    [LoggerMessage(6006, LogLevel.Error, "The ledger refused one {Work}")]
    public static partial void WorkRefused(ILogger logger, string work, Exception exception);

    [LoggerMessage(6007, LogLevel.Information, "Pruned {Count} minute and hour windows")]
    public static partial void Pruned(ILogger logger, int count);

    [LoggerMessage(6008, LogLevel.Warning, "Pruning old windows failed; it is tried again later")]
    public static partial void PruneFailed(ILogger logger, Exception exception);

    [LoggerMessage(6009, LogLevel.Warning, "Created master key file {Path}: back it up, sealed credentials and API key hashes cannot be read without it")]
    public static partial void MasterKeyCreated(ILogger logger, string path);

    [LoggerMessage(6010, LogLevel.Information, "Removed {Count} kept answers that had expired")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(6011, LogLevel.Warning, "Removing expired answers failed; it is tried again later")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(6012, LogLevel.Error, "Line {Number} of {Path} is damaged and was left out: one call of an outage is not in the ledger, or is charged as estimated")]
    public static partial void JournalLineDamaged(ILogger logger, string path, int number);

    [LoggerMessage(6013, LogLevel.Error, "The outage journal {Path} cannot be written: {Reason} Calls are refused while the ledger is away, also those that might be journaled")]
    public static partial void JournalFails(ILogger logger, string path, string reason);

    [LoggerMessage(6015, LogLevel.Information, "Brought {Count} batches into the ledger's tables that a former process had written to its log and no further")]
    public static partial void LogRecovered(ILogger logger, int count);

    [LoggerMessage(6016, LogLevel.Error, "The ledger's tables refuse what its log has; nothing of it is lost, and it is tried again")]
    public static partial void BehindRefused(ILogger logger, Exception exception);

    [LoggerMessage(6014, LogLevel.Warning, "Migration {Name} waits until its tables are free, and tries again; longest transactions: {Transactions}")]
    public static partial void MigrationWaits(ILogger logger, string name, string transactions);
}
