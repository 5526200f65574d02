using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Outages;

internal static partial class OutageLog
{
    [LoggerMessage(4501, LogLevel.Warning, "The ledger is away: calls whose accounts allow it go into the outage journal, all others are refused. {Reason}")]
    public static partial void Began(ILogger logger, string reason);

    [LoggerMessage(4502, LogLevel.Warning, "The ledger is back after {Seconds} s: {Journaled} calls were let through on memory alone, {Refused} were refused")]
    public static partial void Ended(ILogger logger, long seconds, long journaled, long refused);

    [LoggerMessage(4503, LogLevel.Warning, "An earlier process left {Settled} settlements in the outage journal, and {Open} calls that it had not ended: those are charged as estimated")]
    public static partial void Inherited(ILogger logger, int settled, int open);

    [LoggerMessage(4504, LogLevel.Error, "The ledger refuses the journaled settlement of {HoldId}; it stays in the outage journal")]
    public static partial void ReplayRefused(ILogger logger, string holdId, Exception exception);

    [LoggerMessage(4505, LogLevel.Warning, "Journaled call {HoldId} outlived its lease; it is charged as estimated")]
    public static partial void Overdue(ILogger logger, string holdId);
}
