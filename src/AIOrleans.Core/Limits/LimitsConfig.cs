namespace AIOrleans.Core.Limits;

/// <summary>The limits of one account. Null means unlimited.</summary>
public sealed record LimitsConfig
{
    /// <summary>Upper bound of every rate: keeps integer micro-tokens far from overflow.</summary>
    public const long RateMax = 1_000_000_000;

    /// <summary>Quotas an account may have: bounds the work of one hold.</summary>
    public const int QuotasMax = 64;

    /// <summary>No limit at all.</summary>
    public static LimitsConfig None { get; } = new();

    /// <summary>Steady requests per minute.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Requests that may come at once. Default: <see cref="RequestsPerMinute"/>.</summary>
    public long? RequestBurst { get; init; }

    /// <summary>Steady tokens per minute.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Tokens that may come at once. Default: <see cref="TokensPerMinute"/>.</summary>
    public long? TokenBurst { get; init; }

    /// <summary>Calls in flight at once.</summary>
    public int? Concurrent { get; init; }

    /// <summary>Rates follow the load of the silos (never money).</summary>
    public bool Adaptive { get; init; }

    /// <summary>What happens to new calls while the ledger is unreachable; null: as the accounts above say, and a tenant denies.</summary>
    public StoreOutagePolicy? OnStoreOutage { get; init; }

    public IReadOnlyList<QuotaConfig> Quotas { get; init; } = [];

    public bool Equals(LimitsConfig? other) =>
        other is not null && RequestsPerMinute == other.RequestsPerMinute && RequestBurst == other.RequestBurst && TokensPerMinute == other.TokensPerMinute
        && TokenBurst == other.TokenBurst && Concurrent == other.Concurrent && Adaptive == other.Adaptive && OnStoreOutage == other.OnStoreOutage
        && Quotas.SequenceEqual(other.Quotas);

    public override int GetHashCode() => HashCode.Combine(RequestsPerMinute, TokensPerMinute, Concurrent, Quotas.Count);
}

/// <summary>What happens to new calls while the ledger is unreachable.</summary>
public enum StoreOutagePolicy
{
    /// <summary>503 with retry-after: nothing is spent that cannot be recorded.</summary>
    Deny,

    /// <summary>Let through on memory alone and record when the ledger is back.</summary>
    AllowAndJournal,
}
