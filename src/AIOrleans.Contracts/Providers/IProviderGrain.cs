using Orleans;

namespace AIOrleans.Contracts.Providers;

/// <summary>The circuit breaker of one deployment. Key: <c>provider/model</c>, both percent-escaped.</summary>
[Alias("aiorleans.provider")]
public interface IProviderGrain : IGrainWithStringKey
{
    /// <summary>Counts one attempt and tells what the breaker says now.</summary>
    [Alias("report")]
    Task<BreakerView> ReportAsync(AttemptReport report);

    /// <summary>Asks to be the one probe of a breaker whose pause is over. At most one caller at a time is told yes.</summary>
    [Alias("try-probe")]
    Task<bool> TryProbeAsync();

    /// <summary>The breaker and the counters behind it.</summary>
    [Alias("view")]
    Task<BreakerView> ViewAsync();
}

/// <summary>How one attempt ended, as far as the deployment is to blame.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.attempt-report")]
public sealed record AttemptReport
{
    /// <summary>False only for failures of the deployment: errors, timeouts, resets, overload; a client's own mistake is a success.</summary>
    [Id(0)] public required bool Succeeded { get; init; }

    /// <summary>From the call to the first byte, in microseconds; null when none came.</summary>
    [Id(1)] public required long? FirstByteMicros { get; init; }

    /// <summary>How long the deployment asked to be left alone; null when it did not.</summary>
    [Id(2)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>Short machine-readable reason of a failure: <c>status_500</c>, <c>first_byte_timeout</c>; null on success.</summary>
    [Id(3)] public string? Reason { get; init; }
}

/// <summary>What a breaker says.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.breaker-view")]
public sealed record BreakerView
{
    /// <summary><c>closed</c> (calls flow), <c>open</c> (none until <see cref="OpenUntil"/>), <c>half-open</c> (one probe is out).</summary>
    [Id(0)] public required string State { get; init; }

    [Id(1)] public DateTimeOffset? OpenUntil { get; init; }

    [Id(2)] public required long Attempts { get; init; }

    [Id(3)] public required long Failures { get; init; }

    [Id(4)] public required int ConsecutiveFailures { get; init; }

    /// <summary>Moving average of the time to the first byte, in microseconds; null before the first success.</summary>
    [Id(5)] public long? FirstByteMicros { get; init; }

    /// <summary>Reason of the newest failure; null when there was none.</summary>
    [Id(6)] public string? LastFailure { get; init; }

    [Id(7)] public DateTimeOffset? LastFailureAt { get; init; }
}
