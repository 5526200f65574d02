using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Management.Views;

/// <summary>The answer of <c>GET /api/v1/accounts/{kind}/{id}/live</c>. Money is in dollars, exact; levels are whole units and fractions.</summary>
internal sealed record AccountLiveJson(
    string Account,
    long Epoch,
    DateTimeOffset At,
    string Silo,
    DateTimeOffset ActivatedAt,
    string TimeZone,
    IReadOnlyList<BucketJson> Buckets,
    IReadOnlyList<QuotaJson> Quotas,
    SlotsJson Slots,
    HoldsJson Holds,
    LineJson Line,
    IReadOnlyList<PeriodJson> Periods,
    SlaJson Sla,
    JournaledJson? Journaled,
    SlicesJson? Slices)
{
    private const decimal MicroPerUnit = 1_000_000m;

    public static AccountLiveJson Of(AccountView view)
    {
        AccountLive live = view.Live;
        return new AccountLiveJson(
            live.Account.ToString(),
            live.Epoch,
            live.At,
            view.Silo,
            view.ActivatedAt,
            live.TimeZone,
            [.. live.Buckets.Select(OfBucket)],
            [.. live.Quotas.Select(OfQuota)],
            new SlotsJson(live.Slots.Used, live.Slots.Max),
            new HoldsJson(live.Holds.Count, live.Holds.Worst.Tokens, live.Holds.Worst.Cost.ToUsd(), live.Holds.EarliestLeaseUntil),
            new LineJson(view.Line.Length, view.Line.LengthMax, view.Line.OldestFor is { } waited ? (long)waited.TotalMilliseconds : null),
            [.. live.Periods.Select(OfPeriod)],
            SlaJson.Of(view.Sla),
            view.Journaled is { } journaled ? new JournaledJson(journaled.Holds, journaled.Settlements, journaled.IsProvisional) : null,
            view.Slices is { } slices ? new SlicesJson(slices.Count, slices.Requests, slices.Size.Tokens, slices.Size.Cost.ToUsd()) : null);
    }

    private static BucketJson OfBucket(BucketLive bucket) => new(
        bucket.Limit,
        bucket.Capacity,
        bucket.PerMinute,
        bucket.RateMultiplierPerMille / 1000m,
        bucket.LevelMicro / MicroPerUnit,
        bucket.FullAfter is { } wait ? (long)Math.Ceiling(wait.TotalMilliseconds) : null);

    private static QuotaJson OfQuota(QuotaLive quota) => new(
        quota.Limit,
        Word(quota.Metric),
        Word(quota.Period),
        Word(quota.Mode),
        quota.Operation,
        Amount(quota.Metric, quota.Used),
        Amount(quota.Metric, quota.Held),
        Amount(quota.Metric, quota.Amount),
        Amount(quota.Metric, quota.Remaining),
        quota.StartsAt,
        quota.EndsAt,
        quota.WouldDenyCount,
        quota.Mode == QuotaMode.Warn ? quota.Used > quota.Amount : null);

    private static PeriodJson OfPeriod(PeriodLive period) =>
        new(Word(period.Period), period.StartsAt, period.EndsAt, period.Requests, period.Tokens, period.Cost.ToUsd());

    private static decimal Amount(QuotaMetric metric, long value) => metric == QuotaMetric.Cost ? new NanoUsd(value).ToUsd() : value;

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>One rate: <paramref name="Level"/> is what could be taken now, negative by debt.</summary>
internal sealed record BucketJson(string Limit, long Capacity, long PerMinute, decimal RateMultiplier, decimal Level, long? FullAfterMs);

/// <summary>One quota; the amounts of <c>cost</c> are dollars. <paramref name="Crossed"/> is told of <c>warn</c> only.</summary>
internal sealed record QuotaJson(
    string Limit,
    string Metric,
    string Period,
    string Mode,
    string? Operation,
    decimal Used,
    decimal Held,
    decimal Amount,
    decimal Remaining,
    DateTimeOffset StartsAt,
    DateTimeOffset? EndsAt,
    long WouldDeny,
    bool? Crossed);

/// <summary>Calls in flight.</summary>
internal sealed record SlotsJson(int Used, int? Max);

/// <summary>Holds in flight, at their worst case.</summary>
internal sealed record HoldsJson(int Count, long Tokens, decimal CostUsd, DateTimeOffset? EarliestLeaseUntil);

/// <summary>Calls that wait for room on the account; <paramref name="OldestMs"/> is absent when none does.</summary>
internal sealed record LineJson(int Length, int LengthMax, long? OldestMs);

/// <summary>What the account counts and the ledger has not heard of yet; a provisional account could not be loaded and counts nothing else.</summary>
internal sealed record JournaledJson(int Holds, int Settlements, bool Provisional);

/// <summary>What silos admit by themselves, at the worst: part of what quotas and slots show as held.</summary>
internal sealed record SlicesJson(int Count, long Requests, long Tokens, decimal CostUsd);

/// <summary>What was settled in the current period of each kind.</summary>
internal sealed record PeriodJson(string Period, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, long Requests, long Tokens, decimal CostUsd);
