using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

internal static partial class RequestLog
{
    [LoggerMessage(4001, LogLevel.Information, "Hold {HoldId} was fenced at try {Try}: an account was activated anew; asking again")]
    public static partial void Fenced(ILogger logger, string holdId, int @try);

    [LoggerMessage(4002, LogLevel.Warning, "Hold {HoldId} could not be taken back from {Account}; it ends with its lease")]
    public static partial void UndoFailed(ILogger logger, string holdId, string account, Exception exception);

    [LoggerMessage(4003, LogLevel.Warning, "Settlement of {HoldId} waits for the ledger: {Reason}")]
    public static partial void SettlementWaits(ILogger logger, string holdId, string reason);

    [LoggerMessage(4004, LogLevel.Warning, "Account {Account} was not told that {HoldId} is settled; it will reload")]
    public static partial void AccountNotTold(ILogger logger, string holdId, string account, Exception exception);

    [LoggerMessage(4005, LogLevel.Warning, "Usage of {HoldId} was not published; readers catch up from the ledger")]
    public static partial void NotPublished(ILogger logger, string holdId, Exception exception);

    [LoggerMessage(4006, LogLevel.Error, "{Count} settlements could not be written before stopping; their holds will be settled as estimated")]
    public static partial void SettlementsLeft(ILogger logger, int count);

    [LoggerMessage(4007, LogLevel.Information, "Settling {Count} holds that outlived their lease as estimated")]
    public static partial void OrphansFound(ILogger logger, int count);

    [LoggerMessage(4008, LogLevel.Warning, "Overdue holds cannot be read: {Reason}")]
    public static partial void SweepWaits(ILogger logger, string reason);
}
