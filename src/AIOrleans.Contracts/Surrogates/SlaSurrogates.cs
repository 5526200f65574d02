using AIOrleans.Core.Health;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.sla-report")]
public struct SlaReportSurrogate
{
    [Id(0)] public SlaSpan FiveMinutes;
    [Id(1)] public SlaSpan Hour;
    [Id(2)] public SlaSpan Day;
}

[RegisterConverter]
public sealed class SlaReportConverter : IConverter<SlaReport, SlaReportSurrogate>
{
    public SlaReport ConvertFromSurrogate(in SlaReportSurrogate s) => new(s.FiveMinutes, s.Hour, s.Day);

    public SlaReportSurrogate ConvertToSurrogate(in SlaReport value) => new() { FiveMinutes = value.FiveMinutes, Hour = value.Hour, Day = value.Day };
}

[GenerateSerializer, Immutable, Alias("aiorleans.sla-span")]
public struct SlaSpanSurrogate
{
    [Id(0)] public DateTimeOffset From;
    [Id(1)] public long Requests;
    [Id(2)] public long FailedByGateway;
    [Id(3)] public long FailedByProvider;
    [Id(4)] public long FailedByClient;
    [Id(5)] public double? Availability;
    [Id(6)] public double? ErrorRate;
    [Id(7)] public double RequestsPerSecond;
    [Id(8)] public SlaPercentiles Duration;
    [Id(9)] public SlaPercentiles FirstByte;
}

[RegisterConverter]
public sealed class SlaSpanConverter : IConverter<SlaSpan, SlaSpanSurrogate>
{
    public SlaSpan ConvertFromSurrogate(in SlaSpanSurrogate s) => new(
        s.From,
        s.Requests,
        s.FailedByGateway,
        s.FailedByProvider,
        s.FailedByClient,
        s.Availability,
        s.ErrorRate,
        s.RequestsPerSecond,
        s.Duration,
        s.FirstByte);

    public SlaSpanSurrogate ConvertToSurrogate(in SlaSpan value) => new()
    {
        From = value.From,
        Requests = value.Requests,
        FailedByGateway = value.FailedByGateway,
        FailedByProvider = value.FailedByProvider,
        FailedByClient = value.FailedByClient,
        Availability = value.Availability,
        ErrorRate = value.ErrorRate,
        RequestsPerSecond = value.RequestsPerSecond,
        Duration = value.Duration,
        FirstByte = value.FirstByte,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.sla-percentiles")]
public struct SlaPercentilesSurrogate
{
    [Id(0)] public long? P50Micros;
    [Id(1)] public long? P95Micros;
    [Id(2)] public long? P99Micros;
}

[RegisterConverter]
public sealed class SlaPercentilesConverter : IConverter<SlaPercentiles, SlaPercentilesSurrogate>
{
    public SlaPercentiles ConvertFromSurrogate(in SlaPercentilesSurrogate s) => new(s.P50Micros, s.P95Micros, s.P99Micros);

    public SlaPercentilesSurrogate ConvertToSurrogate(in SlaPercentiles value) =>
        new() { P50Micros = value.P50Micros, P95Micros = value.P95Micros, P99Micros = value.P99Micros };
}
