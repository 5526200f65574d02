using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Limits;

/// <summary>Everything that an account knows of itself at one instant, from memory.</summary>
/// <param name="Epoch">The activation that answers.</param>
/// <param name="Periods">What was settled in the current period of every kind, limited or not.</param>
public sealed record AccountLive(
    AccountId Account,
    long Epoch,
    DateTimeOffset At,
    string TimeZone,
    IReadOnlyList<BucketLive> Buckets,
    IReadOnlyList<QuotaLive> Quotas,
    SlotsLive Slots,
    HoldsLive Holds,
    IReadOnlyList<PeriodLive> Periods);

/// <summary>One rate. Levels are micro-tokens (or micro-requests), negative by debt.</summary>
/// <param name="Limit"><c>requestsPerMinute</c> or <c>tokensPerMinute</c>.</param>
/// <param name="Capacity">Most that may come at once.</param>
/// <param name="RateMultiplierPerMille">What load makes of the rate; 1000 is as configured.</param>
/// <param name="FullAfter">Null: never.</param>
public sealed record BucketLive(string Limit, long Capacity, long PerMinute, int RateMultiplierPerMille, long LevelMicro, TimeSpan? FullAfter);

/// <summary>One quota. Cost is in nano-dollars.</summary>
/// <param name="Used">Settled in the period.</param>
/// <param name="Held">Held by calls in flight, as the mode counts them.</param>
/// <param name="Remaining">Neither used nor held; at least 0.</param>
/// <param name="EndsAt">Null for <see cref="QuotaPeriod.Total"/>.</param>
/// <param name="WouldDenyCount">
/// Calls of this period that <c>warn</c> or <c>shadow</c> let through although they did not fit, since the account woke up.
/// </param>
public sealed record QuotaLive(
    string Limit,
    QuotaMetric Metric,
    QuotaPeriod Period,
    QuotaMode Mode,
    string? Operation,
    long Used,
    long Held,
    long Amount,
    long Remaining,
    DateTimeOffset StartsAt,
    DateTimeOffset? EndsAt,
    long WouldDenyCount);

/// <summary>Calls in flight.</summary>
/// <param name="Max">Null: unlimited.</param>
public sealed record SlotsLive(int Used, int? Max);

/// <summary>Holds in flight.</summary>
/// <param name="EarliestLeaseUntil">When the first lease ends; null without holds.</param>
public sealed record HoldsLive(int Count, HoldSize Worst, HoldSize Expected, DateTimeOffset? EarliestLeaseUntil);

/// <summary>What was settled in one period.</summary>
/// <param name="EndsAt">Null for <see cref="QuotaPeriod.Total"/>.</param>
public sealed record PeriodLive(QuotaPeriod Period, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, long Requests, long Tokens, NanoUsd Cost);
