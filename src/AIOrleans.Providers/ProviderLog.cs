using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers;

/// <summary>Log lines of this project, ids 5000–5999. Names and codes only.</summary>
internal static partial class ProviderLog
{
    [LoggerMessage(5001, LogLevel.Debug, "Attempt at {Provider}/{Model} failed: {Kind} {Status}")]
    public static partial void AttemptFailed(ILogger logger, string provider, string model, FailureKind kind, int? status);

    [LoggerMessage(5002, LogLevel.Warning, "{Provider} refuses apiKeys[{Position}] with {Status} for {Model}: it rests until {RestsUntil:O}. Check it and its account")]
    public static partial void KeyRefused(ILogger logger, string provider, int position, int status, string model, DateTimeOffset restsUntil);

    [LoggerMessage(5003, LogLevel.Information, "{Provider} limits apiKeys[{Position}] for {Model}: it rests until {RestsUntil:O}")]
    public static partial void KeyLimited(ILogger logger, string provider, int position, string model, DateTimeOffset restsUntil);
}
