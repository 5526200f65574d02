using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity;

/// <summary>Log events 7000–7999. Never a key, token or secret.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(7001, LogLevel.Error, "Directory record {Record} counts as absent: {Reason}")]
    public static partial void Unreadable(ILogger logger, string record, string reason);

    [LoggerMessage(7002, LogLevel.Error, "An observer of the directory failed")]
    public static partial void ObserverFailed(ILogger logger, Exception exception);

    [LoggerMessage(7003, LogLevel.Warning, "The directory stays at revision {Revision}: the store cannot be read")]
    public static partial void StoppedFollowing(ILogger logger, long revision, Exception exception);

    [LoggerMessage(7004, LogLevel.Information, "The directory follows the store again, at revision {Revision}")]
    public static partial void FollowsAgain(ILogger logger, long revision);
}
