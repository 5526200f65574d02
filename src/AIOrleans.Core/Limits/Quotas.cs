namespace AIOrleans.Core.Limits;

/// <summary>What a quota counts.</summary>
public enum QuotaMetric
{
    /// <summary>Client calls that were let through.</summary>
    Requests,

    /// <summary>Tokens of every class.</summary>
    Tokens,

    /// <summary>Money; amounts are nano-dollars.</summary>
    Cost,

    /// <summary>Requests of one named operation, e.g. <c>chat</c>.</summary>
    Operations,
}

/// <summary>Calendar periods in the tenant's time zone. Weeks start on Monday (ISO 8601).</summary>
public enum QuotaPeriod
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Total,
}

/// <summary>How a quota is enforced.</summary>
public enum QuotaMode
{
    /// <summary>The worst case is held: never exceeded.</summary>
    Strict,

    /// <summary>A learned estimate is held; an overrun is carried as debt.</summary>
    Expected,

    /// <summary>Never denies; crossing it is an event.</summary>
    Warn,

    /// <summary>Never denies; counted as would-deny.</summary>
    Shadow,
}

/// <summary>One calendar quota.</summary>
/// <param name="Amount">Requests, tokens, or nano-dollars for <see cref="QuotaMetric.Cost"/>; at least 0.</param>
/// <param name="Operation">Only for <see cref="QuotaMetric.Operations"/>: which.</param>
public sealed record QuotaConfig(QuotaMetric Metric, QuotaPeriod Period, long Amount, QuotaMode Mode = QuotaMode.Strict, string? Operation = null)
{
    /// <summary>Only for tokens and cost in mode <see cref="QuotaMode.Expected"/>: ends a stream that outgrows its hold when there is no room for more.</summary>
    public bool CutOff { get; init; }

    /// <summary>Names the quota within its account, e.g. <c>cost/month</c> or <c>operations:embeddings/day</c>.</summary>
    public string Name => Operation is null
        ? $"{Metric}/{Period}".ToLowerInvariant()
        : $"{Metric}:{Operation}/{Period}".ToLowerInvariant();
}
