using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>What one request asks one account to hold, besides one request and one slot.</summary>
/// <param name="Worst">Held by strict quotas.</param>
/// <param name="Expected">Held by rates and expected quotas; never above <paramref name="Worst"/>.</param>
/// <param name="Line">Null: the call does not wait in line, and is refused at once.</param>
/// <param name="Slice">What the asking silo would like to admit by itself from now on; null: nothing.</param>
public readonly record struct HoldAsk(
    HoldId Id, string Operation, HoldSize Worst, HoldSize Expected, DateTimeOffset LeaseUntil, LineAsk? Line = null, SliceWish? Slice = null)
{
    /// <summary>The key on whose behalf it is asked, <c>acme.eng.k1</c>: accounts of other tenants refuse. Null: nobody's.</summary>
    public string? CallerId { get; init; }

    /// <summary>Asserts what every ask must be: not negative, and expecting no more than its worst case.</summary>
    internal void ThrowIfAbsurd() => new HoldSizes(Worst, Expected).ThrowIfAbsurd();
}

/// <summary>The answer of one account to one ask.</summary>
public abstract record HoldDecision
{
    private HoldDecision()
    {
    }

    /// <summary>Held; the numbers are after the hold.</summary>
    public sealed record Granted(Headroom Headroom, BucketLevels? Buckets) : HoldDecision;

    /// <summary>Refused; nothing was changed.</summary>
    public sealed record Denied(LimitFacts Facts) : HoldDecision;
}

/// <summary>True usage of one settled request as its accounts count it.</summary>
public readonly record struct SettledUsage(string Operation, int Requests, HoldSize Used)
{
    internal void ThrowIfNegative()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Requests);
        Used.ThrowIfNegative();
    }
}
