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

    [LoggerMessage(7005, LogLevel.Warning, "Calls are refused: for {Seconds} s this process could not hear whether a key was revoked. Tenants that let calls be journaled are served")]
    public static partial void Refuses(ILogger logger, int seconds);

    [LoggerMessage(7006, LogLevel.Warning, "Revision {Revision} of the directory was not confirmed by: {Silos}. They have died, or refuse calls until they know it, but of tenants that let calls be journaled")]
    public static partial void Unconfirmed(ILogger logger, long revision, string silos);

    [LoggerMessage(7007, LogLevel.Debug, "Changes are not announced to this process, which looks for them from time to time: {Reason}")]
    public static partial void NotListening(ILogger logger, string reason);

    [LoggerMessage(7008, LogLevel.Information, "The store could not be told that this process has stopped: changes wait for it a few seconds. {Reason}")]
    public static partial void LeftSilently(ILogger logger, string reason);

    [LoggerMessage(7009, LogLevel.Information, "Read the keys of issuer {Issuer}: {Count}")]
    public static partial void KeysRead(ILogger logger, string issuer, int count);

    [LoggerMessage(7010, LogLevel.Warning, "The keys of issuer {Issuer} cannot be read; those read last count on for a while: {Reason}")]
    public static partial void KeysUnavailable(ILogger logger, string issuer, string reason);
}
