using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity;

/// <summary>Log events 4000–4999. Never a key, token or secret.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(4001, LogLevel.Error, "Directory record {Record} counts as absent: {Reason}")]
    public static partial void Unreadable(ILogger logger, string record, string reason);

    [LoggerMessage(4002, LogLevel.Error, "An observer of the directory failed")]
    public static partial void ObserverFailed(ILogger logger, Exception exception);

    [LoggerMessage(4003, LogLevel.Warning, "The directory stays at revision {Revision}: the store cannot be read")]
    public static partial void StoppedFollowing(ILogger logger, long revision, Exception exception);

    [LoggerMessage(4004, LogLevel.Information, "The directory follows the store again, at revision {Revision}")]
    public static partial void FollowsAgain(ILogger logger, long revision);
}
