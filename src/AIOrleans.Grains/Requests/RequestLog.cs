using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

internal static partial class RequestLog
{
    [LoggerMessage(4001, LogLevel.Information, "Hold {HoldId} was fenced at try {Try}: an account was loaded anew; asking again")]
    public static partial void Fenced(ILogger logger, string holdId, int @try);

    [LoggerMessage(4002, LogLevel.Warning, "Hold {HoldId} could not be taken back from {Account}; it ends with its lease: {Reason}")]
    public static partial void UndoFailed(ILogger logger, string holdId, string account, string reason);

    [LoggerMessage(4003, LogLevel.Warning, "Settlements wait for the ledger, {HoldId} first: {Reason}")]
    public static partial void SettlementsWait(ILogger logger, string holdId, string reason);

    [LoggerMessage(4004, LogLevel.Warning, "Account {Account} was not told that {HoldId} is settled; if it still lives, it will load anew: {Reason}")]
    public static partial void AccountNotTold(ILogger logger, string holdId, string account, string reason);

    [LoggerMessage(4005, LogLevel.Information, "No settlement waits for the ledger any more: {Count} did")]
    public static partial void SettlementsCaughtUp(ILogger logger, long count);

    [LoggerMessage(4006, LogLevel.Error, "{Count} settlements could not be written before stopping; what they held will be settled as estimated")]
    public static partial void SettlementsLeft(ILogger logger, int count);

    [LoggerMessage(4007, LogLevel.Information, "Settling {Count} holds that outlived their lease as estimated")]
    public static partial void OrphansFound(ILogger logger, int count);

    [LoggerMessage(4008, LogLevel.Warning, "Overdue holds cannot be read; it is tried each second: {Reason}")]
    public static partial void SweepWaits(ILogger logger, string reason);

    [LoggerMessage(4009, LogLevel.Error, "The ledger refuses the settlement of {HoldId}; what it held will be settled as estimated")]
    public static partial void SettlementRefused(ILogger logger, string holdId, Exception exception);

    [LoggerMessage(4010, LogLevel.Error, "Overdue hold {HoldId} cannot be settled")]
    public static partial void OrphanRefused(ILogger logger, string holdId, Exception exception);

    [LoggerMessage(4011, LogLevel.Error, "Settlement of {HoldId} came after the silo had stopped; what it held will be settled as estimated")]
    public static partial void SettlementAfterStop(ILogger logger, string holdId);

    [LoggerMessage(4013, LogLevel.Warning, "Hold {HoldId} found {Account} out of reach: {Reason}")]
    public static partial void AccountUnreachable(ILogger logger, string holdId, string account, string reason);

    [LoggerMessage(4040, LogLevel.Information, "The estimate of hold {HoldId} was replaced by its true usage; its accounts load anew")]
    public static partial void Corrected(ILogger logger, string holdId);

    [LoggerMessage(4012, LogLevel.Warning, "An account was not told that hold {HoldId} lives longer; it will load anew")]
    public static partial void NotRenewed(ILogger logger, string holdId, Exception exception);
}
