namespace AIOrleans.Host.Silo;

internal static partial class SiloLog
{
    [LoggerMessage(2101, LogLevel.Warning, "Silo {Silo} has written no heartbeat since {HeartbeatAt:O} and lets nobody connect: it is declared dead")]
    public static partial void Abandoned(ILogger logger, string silo, DateTime heartbeatAt);

    [LoggerMessage(2102, LogLevel.Warning, "The table of silos cannot be read: {Reason}")]
    public static partial void TableUnread(ILogger logger, string reason);

    [LoggerMessage(2103, LogLevel.Warning, "Silo {Silo} has written no heartbeat for {Seconds} s although the database answers: it cannot reach it, and is declared dead")]
    public static partial void Silent(ILogger logger, string silo, double seconds);
}
