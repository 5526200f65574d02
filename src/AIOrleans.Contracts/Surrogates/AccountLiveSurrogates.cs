using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.account-live")]
public struct AccountLiveSurrogate
{
    [Id(0)] public AccountId Account;
    [Id(1)] public long Epoch;
    [Id(2)] public DateTimeOffset At;
    [Id(3)] public string TimeZone;
    [Id(4)] public BucketLive[] Buckets;
    [Id(5)] public QuotaLive[] Quotas;
    [Id(6)] public SlotsLive Slots;
    [Id(7)] public HoldsLive Holds;
    [Id(8)] public PeriodLive[] Periods;
}

[RegisterConverter]
public sealed class AccountLiveConverter : IConverter<AccountLive, AccountLiveSurrogate>
{
    public AccountLive ConvertFromSurrogate(in AccountLiveSurrogate s) =>
        new(s.Account, s.Epoch, s.At, s.TimeZone, s.Buckets, s.Quotas, s.Slots, s.Holds, s.Periods);

    public AccountLiveSurrogate ConvertToSurrogate(in AccountLive value) => new()
    {
        Account = value.Account,
        Epoch = value.Epoch,
        At = value.At,
        TimeZone = value.TimeZone,
        Buckets = [.. value.Buckets],
        Quotas = [.. value.Quotas],
        Slots = value.Slots,
        Holds = value.Holds,
        Periods = [.. value.Periods],
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.bucket-live")]
public struct BucketLiveSurrogate
{
    [Id(0)] public string Limit;
    [Id(1)] public long Capacity;
    [Id(2)] public long PerMinute;
    [Id(3)] public int RateMultiplierPerMille;
    [Id(4)] public long LevelMicro;
    [Id(5)] public TimeSpan? FullAfter;
}

[RegisterConverter]
public sealed class BucketLiveConverter : IConverter<BucketLive, BucketLiveSurrogate>
{
    public BucketLive ConvertFromSurrogate(in BucketLiveSurrogate s) =>
        new(s.Limit, s.Capacity, s.PerMinute, s.RateMultiplierPerMille, s.LevelMicro, s.FullAfter);

    public BucketLiveSurrogate ConvertToSurrogate(in BucketLive value) => new()
    {
        Limit = value.Limit,
        Capacity = value.Capacity,
        PerMinute = value.PerMinute,
        RateMultiplierPerMille = value.RateMultiplierPerMille,
        LevelMicro = value.LevelMicro,
        FullAfter = value.FullAfter,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.quota-live")]
public struct QuotaLiveSurrogate
{
    [Id(0)] public string Limit;
    [Id(1)] public QuotaMetric Metric;
    [Id(2)] public QuotaPeriod Period;
    [Id(3)] public QuotaMode Mode;
    [Id(4)] public string? Operation;
    [Id(5)] public long Used;
    [Id(6)] public long Held;
    [Id(7)] public long Amount;
    [Id(8)] public long Remaining;
    [Id(9)] public DateTimeOffset StartsAt;
    [Id(10)] public DateTimeOffset? EndsAt;
    [Id(11)] public long WouldDenyCount;
}

[RegisterConverter]
public sealed class QuotaLiveConverter : IConverter<QuotaLive, QuotaLiveSurrogate>
{
    public QuotaLive ConvertFromSurrogate(in QuotaLiveSurrogate s) =>
        new(s.Limit, s.Metric, s.Period, s.Mode, s.Operation, s.Used, s.Held, s.Amount, s.Remaining, s.StartsAt, s.EndsAt, s.WouldDenyCount);

    public QuotaLiveSurrogate ConvertToSurrogate(in QuotaLive value) => new()
    {
        Limit = value.Limit,
        Metric = value.Metric,
        Period = value.Period,
        Mode = value.Mode,
        Operation = value.Operation,
        Used = value.Used,
        Held = value.Held,
        Amount = value.Amount,
        Remaining = value.Remaining,
        StartsAt = value.StartsAt,
        EndsAt = value.EndsAt,
        WouldDenyCount = value.WouldDenyCount,
    };
}

[GenerateSerializer, Immutable, Alias("aiorleans.slots-live")]
public struct SlotsLiveSurrogate
{
    [Id(0)] public int Used;
    [Id(1)] public int? Max;
}

[RegisterConverter]
public sealed class SlotsLiveConverter : IConverter<SlotsLive, SlotsLiveSurrogate>
{
    public SlotsLive ConvertFromSurrogate(in SlotsLiveSurrogate s) => new(s.Used, s.Max);

    public SlotsLiveSurrogate ConvertToSurrogate(in SlotsLive value) =>
        new() { Used = value.Used, Max = value.Max };
}

[GenerateSerializer, Immutable, Alias("aiorleans.holds-live")]
public struct HoldsLiveSurrogate
{
    [Id(0)] public int Count;
    [Id(1)] public HoldSize Worst;
    [Id(2)] public HoldSize Expected;
    [Id(3)] public DateTimeOffset? EarliestLeaseUntil;
}

[RegisterConverter]
public sealed class HoldsLiveConverter : IConverter<HoldsLive, HoldsLiveSurrogate>
{
    public HoldsLive ConvertFromSurrogate(in HoldsLiveSurrogate s) => new(s.Count, s.Worst, s.Expected, s.EarliestLeaseUntil);

    public HoldsLiveSurrogate ConvertToSurrogate(in HoldsLive value) =>
        new() { Count = value.Count, Worst = value.Worst, Expected = value.Expected, EarliestLeaseUntil = value.EarliestLeaseUntil };
}

[GenerateSerializer, Immutable, Alias("aiorleans.period-live")]
public struct PeriodLiveSurrogate
{
    [Id(0)] public QuotaPeriod Period;
    [Id(1)] public DateTimeOffset StartsAt;
    [Id(2)] public DateTimeOffset? EndsAt;
    [Id(3)] public long Requests;
    [Id(4)] public long Tokens;
    [Id(5)] public NanoUsd Cost;
}

[RegisterConverter]
public sealed class PeriodLiveConverter : IConverter<PeriodLive, PeriodLiveSurrogate>
{
    public PeriodLive ConvertFromSurrogate(in PeriodLiveSurrogate s) => new(s.Period, s.StartsAt, s.EndsAt, s.Requests, s.Tokens, s.Cost);

    public PeriodLiveSurrogate ConvertToSurrogate(in PeriodLive value) => new()
    {
        Period = value.Period,
        StartsAt = value.StartsAt,
        EndsAt = value.EndsAt,
        Requests = value.Requests,
        Tokens = value.Tokens,
        Cost = value.Cost,
    };
}
