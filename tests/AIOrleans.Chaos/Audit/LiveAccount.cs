using AIOrleans.Chaos.Company;

namespace AIOrleans.Chaos.Audit;

/// <summary>The numbers of one account as its gateway knows them at one moment.</summary>
internal sealed record LiveAccount(Account Account, IReadOnlyList<LiveQuota> Quotas, int SlotsUsed, int? SlotsMax, int HoldCount, IReadOnlyList<LivePeriod> Periods, string Silo)
{
    public bool IsIdle => SlotsUsed == 0 && HoldCount == 0 && Quotas.All(quota => quota.Held == 0);

    public static LiveAccount Of(Account account, LiveAccountJson json) => new(
        account,
        [.. json.Quotas.Select(LiveQuota.Of)],
        json.Slots.Used,
        json.Slots.Max,
        json.Holds.Count,
        [.. json.Periods.Select(p => new LivePeriod(p.Period, p.StartsAt, p.EndsAt ?? DateTimeOffset.MaxValue, p.Requests, p.Tokens, Nano.Of(p.CostUsd)))],
        json.Silo);
}

/// <summary>A strict quota's numbers, in its own unit: requests, tokens or nano-dollars.</summary>
internal sealed record LiveQuota(string Name, Metric Metric, string Period, long Used, long Held, long Amount, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    public static LiveQuota Of(QuotaJson json)
    {
        var metric = Enum.Parse<Metric>(json.Metric, ignoreCase: true);
        long In(decimal value) => metric == Metric.Cost ? Nano.Of(value) : (long)value;
        return new LiveQuota(
            json.Limit, metric, json.Period, In(json.Used), In(json.Held), In(json.Amount), json.StartsAt, json.EndsAt ?? DateTimeOffset.MaxValue);
    }
}

/// <summary>What was settled in one period; <paramref name="EndsAt"/> is exclusive.</summary>
internal sealed record LivePeriod(string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, long Requests, long Tokens, long CostNano);

internal sealed record LiveAccountJson(IReadOnlyList<QuotaJson> Quotas, SlotsJson Slots, HoldsJson Holds, IReadOnlyList<PeriodJson> Periods, string Silo);

internal sealed record QuotaJson(
    string Limit, string Metric, string Period, decimal Used, decimal Held, decimal Amount, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);

internal sealed record SlotsJson(int Used, int? Max);

internal sealed record HoldsJson(int Count);

internal sealed record PeriodJson(string Period, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, long Requests, long Tokens, decimal CostUsd);
