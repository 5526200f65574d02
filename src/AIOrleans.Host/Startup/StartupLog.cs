using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Startup;

internal static partial class StartupLog
{
    [LoggerMessage(2001, LogLevel.Information, "Applied {Path}: {Count} records changed")]
    public static partial void ConfigApplied(ILogger logger, string path, int count);

    [LoggerMessage(2002, LogLevel.Error, "{Path} has {Count} mistakes: it was not applied, the running configuration stays")]
    public static partial void ConfigRefused(ILogger logger, string path, int count);

    [LoggerMessage(2003, LogLevel.Error, "  {Mistake}")]
    public static partial void ConfigMistake(ILogger logger, string mistake);

    [LoggerMessage(2004, LogLevel.Warning, "{Path} waits to be applied: {Reason}")]
    public static partial void ConfigWaits(ILogger logger, string path, string reason);

    [LoggerMessage(2020, LogLevel.Warning, "Calls of model {Model} are refused: its deployment {Deployment} has no price")]
    public static partial void Unpriced(ILogger logger, string model, string deployment);
}
