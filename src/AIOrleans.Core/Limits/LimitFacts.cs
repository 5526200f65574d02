using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Limits;

/// <summary>Which kind of limit refused.</summary>
public enum LimitKind
{
    RequestsPerMinute,
    TokensPerMinute,
    Concurrent,
    Quota,
}

/// <summary>Everything a denied caller needs to know about the limit that refused it.</summary>
/// <param name="Account">Whose limit.</param>
/// <param name="Kind">Which kind.</param>
/// <param name="Limit">Its name within the account: <c>requestsPerMinute</c>, <c>concurrent</c>, <c>cost/month</c>.</param>
/// <param name="Metric">What the numbers count; cost is nano-dollars.</param>
/// <param name="Used">Settled in the period, or taken from the bucket.</param>
/// <param name="Held">Held by calls in flight.</param>
/// <param name="Amount">The limit itself.</param>
/// <param name="Asked">What this call wanted to hold.</param>
/// <param name="RetryAfter">How long until the same call could succeed; null when waiting cannot help or nothing can be promised.</param>
/// <param name="ResetsAt">When the period ends or the bucket is full again; null for <c>total</c> and concurrency.</param>
public sealed record LimitFacts(
    AccountId Account,
    LimitKind Kind,
    string Limit,
    QuotaMetric Metric,
    long Used,
    long Held,
    long Amount,
    long Asked,
    TimeSpan? RetryAfter,
    DateTimeOffset? ResetsAt)
{
    /// <summary>Where the call stands among those that wait for the account; null when nobody waits and this call does not want to.</summary>
    public LineFacts? Line { get; init; }

    /// <summary>True when the limit is money: waiting is not the cure, a larger budget is.</summary>
    public bool IsMoney => Kind == LimitKind.Quota && Metric == QuotaMetric.Cost;

    /// <summary>True when only calls in flight stand in the way: it may fit as soon as one of them is settled.</summary>
    public bool IsHeldBack => Kind switch
    {
        LimitKind.Concurrent => true,
        LimitKind.Quota => Held > 0 && Used + Asked <= Amount,
        LimitKind.TokensPerMinute => !CanNeverFit,
        _ => false,
    };

    /// <summary>True when the call is larger than the limit itself, so that no wait can help.</summary>
    public bool CanNeverFit => Asked > Amount;
}
