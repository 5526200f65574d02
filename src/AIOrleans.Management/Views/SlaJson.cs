using AIOrleans.Core.Health;

namespace AIOrleans.Management.Views;

/// <summary>The service level of one account over three sliding windows.</summary>
internal sealed record SlaJson(SlaSpanJson FiveMinutes, SlaSpanJson Hour, SlaSpanJson Day)
{
    public static SlaJson Of(SlaReport report) => new(SlaSpanJson.Of(report.FiveMinutes), SlaSpanJson.Of(report.Hour), SlaSpanJson.Of(report.Day));
}

/// <summary>One window: shares are 0 to 1 and absent without requests, times are milliseconds.</summary>
internal sealed record SlaSpanJson(
    DateTimeOffset From,
    long Requests,
    long FailedByGateway,
    long FailedByProvider,
    long FailedByClient,
    double? Availability,
    double? ErrorRate,
    double RequestsPerSecond,
    SlaPercentilesJson DurationMs,
    SlaPercentilesJson FirstByteMs)
{
    public static SlaSpanJson Of(SlaSpan span) => new(
        span.From,
        span.Requests,
        span.FailedByGateway,
        span.FailedByProvider,
        span.FailedByClient,
        span.Availability,
        span.ErrorRate,
        span.RequestsPerSecond,
        SlaPercentilesJson.Of(span.Duration),
        SlaPercentilesJson.Of(span.FirstByte));
}

/// <summary>Percentiles, off by at most 1 %; absent when nothing was measured.</summary>
internal sealed record SlaPercentilesJson(decimal? P50, decimal? P95, decimal? P99)
{
    public static SlaPercentilesJson Of(SlaPercentiles percentiles) =>
        new(percentiles.P50Micros / 1000m, percentiles.P95Micros / 1000m, percentiles.P99Micros / 1000m);
}
