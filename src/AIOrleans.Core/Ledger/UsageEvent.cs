using AIOrleans.Core.Accounts;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Ledger;

/// <summary>Who is to blame for a failed attempt.</summary>
public enum FailedBy
{
    Nobody,
    Gateway,
    Provider,
    Client,
}

/// <summary>One attempt in the ledger. (<see cref="HoldId"/>, <see cref="Attempt"/>) is unique, which makes settling idempotent.</summary>
public sealed record UsageEvent
{
    /// <summary>Given by the ledger, growing; 0 before it is written. Cursor of every reader.</summary>
    public long Sequence { get; init; }

    /// <summary>The request, by the id of its hold.</summary>
    public required HoldId HoldId { get; init; }

    /// <summary>1 for the first provider call of the request.</summary>
    public required int Attempt { get; init; }

    /// <summary>Accounts charged, tenant first.</summary>
    public required IReadOnlyList<AccountId> Path { get; init; }

    public required Attribution Attribution { get; init; }

    public required string Operation { get; init; }

    /// <summary>1 on the event that counts the request, 0 on further attempts and on requests given back.</summary>
    public required int Requests { get; init; }

    public required TokenUsage Usage { get; init; }

    public required NanoUsd Cost { get; init; }

    /// <summary>True when the usage was not told by the provider: counted or taken from the hold.</summary>
    public required bool Estimated { get; init; }

    /// <summary>Provider name; empty when no provider was reached.</summary>
    public required string Provider { get; init; }

    /// <summary>The model as the provider calls it; empty likewise.</summary>
    public required string ProviderModel { get; init; }

    /// <summary>Version of the price used; empty when unpriced.</summary>
    public required string PriceVersion { get; init; }

    /// <summary>The service tier that was charged.</summary>
    public ServiceTier Service { get; init; }

    /// <summary>The prompt length of the price above which it was charged; 0 below all of its tiers.</summary>
    public long TierAboveTokens { get; init; }

    /// <summary>What was held for the attempt, where an estimate would have cost more and was cut to it; null where nothing was cut.</summary>
    public NanoUsd? CostMax { get; init; }

    /// <summary>HTTP status given to the client.</summary>
    public required int Status { get; init; }

    public required FailedBy FailedBy { get; init; }

    public required bool Streamed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The instant that decides which calendar period is charged.</summary>
    public required DateTimeOffset SettledAt { get; init; }

    /// <summary>From arrival to the last byte, in microseconds.</summary>
    public required long DurationMicros { get; init; }

    /// <summary>From arrival to the first byte of the answer, in microseconds; null when none came.</summary>
    public required long? FirstByteMicros { get; init; }

    /// <summary>True when it was settled while the ledger could not be reached, and came to it by the outage journal.</summary>
    public bool Journaled { get; init; }

    /// <summary>Charged by the keeper of an orphaned hold, who cannot know a provider. The holder's own settlement, should it still come, replaces it.</summary>
    public bool IsOrphanEstimate => Estimated && Provider.Length == 0;
}
