using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Leases;

internal static partial class SliceLog
{
    [LoggerMessage(4601, LogLevel.Warning, "A slice of {Account} could not be given back; trying again: {Reason}")]
    public static partial void NotReturned(ILogger logger, string account, string reason);

    [LoggerMessage(4602, LogLevel.Warning, "A slice of {Account} is given up; the account loads anew, at latest when the lease of the slice ends: {Reason}")]
    public static partial void GivenUp(ILogger logger, string account, string reason);

    [LoggerMessage(4603, LogLevel.Warning, "{Account} has moved to a silo of an older version, which knows no slices: it is told of {Count} settlements one by one")]
    public static partial void ToldSingly(ILogger logger, string account, int count);
}
