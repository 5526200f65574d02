using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Health;

/// <summary>One settled request as its service level is judged.</summary>
/// <param name="DurationMicros">From arrival to the last byte.</param>
/// <param name="FirstByteMicros">From arrival to the first byte of the answer; null when none came.</param>
public readonly record struct SlaObservation(FailedBy FailedBy, long DurationMicros, long? FirstByteMicros);

/// <summary>Service level over the three sliding windows.</summary>
public sealed record SlaReport(SlaSpan FiveMinutes, SlaSpan Hour, SlaSpan Day);

/// <summary>Service level of what was settled since <paramref name="From"/>.</summary>
/// <param name="From">When the window begins: it moves in steps, and never reaches back before the account woke up.</param>
/// <param name="Availability">
/// Share of requests that neither gateway nor provider failed; a client's own mistakes do not count against it. Null without requests.
/// </param>
/// <param name="ErrorRate">Share of requests that failed, whoever was to blame. Null without requests.</param>
/// <param name="Duration">Of requests that did not fail.</param>
/// <param name="FirstByte">Of requests that had one.</param>
public sealed record SlaSpan(
    DateTimeOffset From,
    long Requests,
    long FailedByGateway,
    long FailedByProvider,
    long FailedByClient,
    double? Availability,
    double? ErrorRate,
    double RequestsPerSecond,
    SlaPercentiles Duration,
    SlaPercentiles FirstByte);

/// <summary>Percentiles in microseconds, off by at most 1 %; null when nothing was measured.</summary>
public readonly record struct SlaPercentiles(long? P50Micros, long? P95Micros, long? P99Micros)
{
    internal static SlaPercentiles Of(LatencySketch sketch) => new(sketch.Quantile(0.50), sketch.Quantile(0.95), sketch.Quantile(0.99));
}
