using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers;

/// <summary>Log lines of this project, ids 5000–5999. Names and codes only.</summary>
internal static partial class ProviderLog
{
    [LoggerMessage(5001, LogLevel.Debug, "Attempt at {Provider}/{Model} failed: {Kind} {Status}")]
    public static partial void AttemptFailed(ILogger logger, string provider, string model, FailureKind kind, int? status);
}
