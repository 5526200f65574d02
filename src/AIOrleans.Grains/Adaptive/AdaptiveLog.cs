using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Adaptive;

internal static partial class AdaptiveLog
{
    [LoggerMessage(4301, LogLevel.Information, "Adaptive rates are now at {Multiplier} of what is configured, after {Before}: the load is {Factor} of its target, because of {Cause}")]
    public static partial void Changed(ILogger logger, decimal multiplier, decimal before, decimal factor, string cause);

    [LoggerMessage(4302, LogLevel.Warning, "The load of this silo could not be told to the others; its rates follow it all the same")]
    public static partial void NotTold(ILogger logger, Exception exception);

    [LoggerMessage(4303, LogLevel.Warning, "Changes of adaptive rates could not be kept; they are shown until this silo stops")]
    public static partial void NotKept(ILogger logger, Exception exception);
}
