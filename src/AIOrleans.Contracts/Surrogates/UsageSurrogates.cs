using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.attribution")]
public struct AttributionSurrogate
{
    [Id(0)] public string KeyId;
    [Id(1)] public string Model;
    [Id(2)] public string TimeZone;
    [Id(3)] public KeyValuePair<string, string>[] Tags;
}

[RegisterConverter]
public sealed class AttributionConverter : IConverter<Attribution, AttributionSurrogate>
{
    public Attribution ConvertFromSurrogate(in AttributionSurrogate s) => new(s.KeyId, s.Model, s.TimeZone, s.Tags);

    public AttributionSurrogate ConvertToSurrogate(in Attribution value) =>
        new() { KeyId = value.KeyId, Model = value.Model, TimeZone = value.TimeZone, Tags = [.. value.Tags] };
}

[GenerateSerializer, Immutable, Alias("aiorleans.usage-event")]
public struct UsageEventSurrogate
{
    [Id(0)] public long Sequence;
    [Id(1)] public HoldId HoldId;
    [Id(2)] public int Attempt;
    [Id(3)] public AccountId[] Path;
    [Id(4)] public Attribution Attribution;
    [Id(5)] public string Operation;
    [Id(6)] public int Requests;
    [Id(7)] public TokenUsage Usage;
    [Id(8)] public NanoUsd Cost;
    [Id(9)] public bool Estimated;
    [Id(10)] public string Provider;
    [Id(11)] public string ProviderModel;
    [Id(12)] public string PriceVersion;
    [Id(13)] public int Status;
    [Id(14)] public FailedBy FailedBy;
    [Id(15)] public bool Streamed;
    [Id(16)] public DateTimeOffset StartedAt;
    [Id(17)] public DateTimeOffset SettledAt;
    [Id(18)] public long DurationMicros;
    [Id(19)] public long? FirstByteMicros;
    [Id(20)] public ServiceTier Service;
    [Id(21)] public long TierAboveTokens;
    [Id(22)] public NanoUsd? CostMax;
    [Id(23)] public bool Journaled;
}

[RegisterConverter]
public sealed class UsageEventConverter : IConverter<UsageEvent, UsageEventSurrogate>
{
    public UsageEvent ConvertFromSurrogate(in UsageEventSurrogate s) => new()
    {
        Sequence = s.Sequence,
        HoldId = s.HoldId,
        Attempt = s.Attempt,
        Path = s.Path,
        Attribution = s.Attribution,
        Operation = s.Operation,
        Requests = s.Requests,
        Usage = s.Usage,
        Cost = s.Cost,
        Estimated = s.Estimated,
        Provider = s.Provider,
        ProviderModel = s.ProviderModel,
        PriceVersion = s.PriceVersion,
        Status = s.Status,
        FailedBy = s.FailedBy,
        Streamed = s.Streamed,
        StartedAt = s.StartedAt,
        SettledAt = s.SettledAt,
        DurationMicros = s.DurationMicros,
        FirstByteMicros = s.FirstByteMicros,
        Service = s.Service,
        TierAboveTokens = s.TierAboveTokens,
        CostMax = s.CostMax,
        Journaled = s.Journaled,
    };

    public UsageEventSurrogate ConvertToSurrogate(in UsageEvent value) => new()
    {
        Sequence = value.Sequence,
        HoldId = value.HoldId,
        Attempt = value.Attempt,
        Path = [.. value.Path],
        Attribution = value.Attribution,
        Operation = value.Operation,
        Requests = value.Requests,
        Usage = value.Usage,
        Cost = value.Cost,
        Estimated = value.Estimated,
        Provider = value.Provider,
        ProviderModel = value.ProviderModel,
        PriceVersion = value.PriceVersion,
        Status = value.Status,
        FailedBy = value.FailedBy,
        Streamed = value.Streamed,
        StartedAt = value.StartedAt,
        SettledAt = value.SettledAt,
        DurationMicros = value.DurationMicros,
        FirstByteMicros = value.FirstByteMicros,
        Service = value.Service,
        TierAboveTokens = value.TierAboveTokens,
        CostMax = value.CostMax,
        Journaled = value.Journaled,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.usage-totals")]
public struct UsageTotalsSurrogate
{
    [Id(0)] public string?[] Values;
    [Id(1)] public long Requests;
    [Id(2)] public long Attempts;
    [Id(3)] public long Failures;
    [Id(4)] public long EstimatedAttempts;
    [Id(5)] public TokenUsage Usage;
    [Id(6)] public NanoUsd Cost;
    [Id(7)] public long UnpricedAttempts;
}

[RegisterConverter]
public sealed class UsageTotalsConverter : IConverter<UsageTotals, UsageTotalsSurrogate>
{
    public UsageTotals ConvertFromSurrogate(in UsageTotalsSurrogate s) =>
        new(s.Values, s.Requests, s.Attempts, s.Failures, s.EstimatedAttempts, s.Usage, s.Cost, s.UnpricedAttempts);

    public UsageTotalsSurrogate ConvertToSurrogate(in UsageTotals value) => new()
    {
        Values = [.. value.Values],
        Requests = value.Requests,
        Attempts = value.Attempts,
        Failures = value.Failures,
        EstimatedAttempts = value.EstimatedAttempts,
        Usage = value.Usage,
        Cost = value.Cost,
        UnpricedAttempts = value.UnpricedAttempts,
    };
}
