using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.limit-facts")]
public struct LimitFactsSurrogate
{
    [Id(0)] public AccountId Account;
    [Id(1)] public LimitKind Kind;
    [Id(2)] public string Limit;
    [Id(3)] public QuotaMetric Metric;
    [Id(4)] public long Used;
    [Id(5)] public long Held;
    [Id(6)] public long Amount;
    [Id(7)] public long Asked;
    [Id(8)] public TimeSpan? RetryAfter;
    [Id(9)] public DateTimeOffset? ResetsAt;
    [Id(10)] public LineFacts? Line;
}

[RegisterConverter]
public sealed class LimitFactsConverter : IConverter<LimitFacts, LimitFactsSurrogate>
{
    public LimitFacts ConvertFromSurrogate(in LimitFactsSurrogate s) =>
        new(s.Account, s.Kind, s.Limit, s.Metric, s.Used, s.Held, s.Amount, s.Asked, s.RetryAfter, s.ResetsAt) { Line = s.Line };

    public LimitFactsSurrogate ConvertToSurrogate(in LimitFacts value) => new()
    {
        Account = value.Account,
        Kind = value.Kind,
        Limit = value.Limit,
        Metric = value.Metric,
        Used = value.Used,
        Held = value.Held,
        Amount = value.Amount,
        Asked = value.Asked,
        RetryAfter = value.RetryAfter,
        ResetsAt = value.ResetsAt,
        Line = value.Line,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.headroom-line")]
public struct HeadroomLineSurrogate
{
    [Id(0)] public long Limit;
    [Id(1)] public long Remaining;
    [Id(2)] public TimeSpan ResetAfter;
}

[RegisterConverter]
public sealed class HeadroomLineConverter : IConverter<HeadroomLine, HeadroomLineSurrogate>
{
    public HeadroomLine ConvertFromSurrogate(in HeadroomLineSurrogate s) => new(s.Limit, s.Remaining, s.ResetAfter);

    public HeadroomLineSurrogate ConvertToSurrogate(in HeadroomLine value) =>
        new() { Limit = value.Limit, Remaining = value.Remaining, ResetAfter = value.ResetAfter };
}

[GenerateSerializer, Immutable, Alias("aiorleans.headroom")]
public struct HeadroomSurrogate
{
    [Id(0)] public HeadroomLine? Requests;
    [Id(1)] public HeadroomLine? Tokens;
}

[RegisterConverter]
public sealed class HeadroomConverter : IConverter<Headroom, HeadroomSurrogate>
{
    public Headroom ConvertFromSurrogate(in HeadroomSurrogate s) => new(s.Requests, s.Tokens);

    public HeadroomSurrogate ConvertToSurrogate(in Headroom value) => new() { Requests = value.Requests, Tokens = value.Tokens };
}

[GenerateSerializer, Immutable, Alias("aiorleans.bucket-levels")]
public struct BucketLevelsSurrogate
{
    [Id(0)] public AccountId Account;
    [Id(1)] public long Epoch;
    [Id(2)] public long Sequence;
    [Id(3)] public long? RequestsMicro;
    [Id(4)] public long? TokensMicro;
    [Id(5)] public DateTimeOffset At;
}

[RegisterConverter]
public sealed class BucketLevelsConverter : IConverter<BucketLevels, BucketLevelsSurrogate>
{
    public BucketLevels ConvertFromSurrogate(in BucketLevelsSurrogate s) => new(s.Account, s.Epoch, s.Sequence, s.RequestsMicro, s.TokensMicro, s.At);

    public BucketLevelsSurrogate ConvertToSurrogate(in BucketLevels value) => new()
    {
        Account = value.Account,
        Epoch = value.Epoch,
        Sequence = value.Sequence,
        RequestsMicro = value.RequestsMicro,
        TokensMicro = value.TokensMicro,
        At = value.At,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.hold-ask")]
public struct HoldAskSurrogate
{
    [Id(0)] public HoldId Id;
    [Id(1)] public string Operation;
    [Id(2)] public HoldSize Worst;
    [Id(3)] public HoldSize Expected;
    [Id(4)] public DateTimeOffset LeaseUntil;
    [Id(5)] public LineAsk? Line;
    [Id(6)] public SliceWish? Slice;
    [Id(7)] public string? CallerId;
}

[RegisterConverter]
public sealed class HoldAskConverter : IConverter<HoldAsk, HoldAskSurrogate>
{
    public HoldAsk ConvertFromSurrogate(in HoldAskSurrogate s) =>
        new(s.Id, s.Operation, s.Worst, s.Expected, s.LeaseUntil, s.Line, s.Slice) { CallerId = s.CallerId };

    public HoldAskSurrogate ConvertToSurrogate(in HoldAsk value) => new()
    {
        Id = value.Id,
        Operation = value.Operation,
        Worst = value.Worst,
        Expected = value.Expected,
        LeaseUntil = value.LeaseUntil,
        Line = value.Line,
        Slice = value.Slice,
        CallerId = value.CallerId,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.settled-usage")]
public struct SettledUsageSurrogate
{
    [Id(0)] public string Operation;
    [Id(1)] public int Requests;
    [Id(2)] public HoldSize Used;
}

[RegisterConverter]
public sealed class SettledUsageConverter : IConverter<SettledUsage, SettledUsageSurrogate>
{
    public SettledUsage ConvertFromSurrogate(in SettledUsageSurrogate s) => new(s.Operation, s.Requests, s.Used);

    public SettledUsageSurrogate ConvertToSurrogate(in SettledUsage value) =>
        new() { Operation = value.Operation, Requests = value.Requests, Used = value.Used };
}
