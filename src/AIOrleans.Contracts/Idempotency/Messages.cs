using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using Orleans;

namespace AIOrleans.Contracts.Idempotency;

/// <summary>Asks to be the one request of a key that calls a provider.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.claim-command")]
public sealed record ClaimCommand
{
    [Id(0)] public required HoldId RequestId { get; init; }

    [Id(1)] public required string Tenant { get; init; }

    /// <summary>Of method, path and body: 64 lower-case hex characters.</summary>
    [Id(2)] public required string Fingerprint { get; init; }

    /// <summary>Until when the key is remembered.</summary>
    [Id(3)] public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What became of a <see cref="ClaimCommand"/>.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.claim-reply")]
public sealed record ClaimReply
{
    /// <summary>Null: the store cannot be reached, nobody may lead.</summary>
    [Id(0)] public required ClaimState? State { get; init; }

    /// <summary>The request that leads or led.</summary>
    [Id(1)] public required HoldId RequestId { get; init; }

    /// <summary>Until when a leader must renew or end.</summary>
    [Id(2)] public required DateTimeOffset LeaseUntil { get; init; }
}

/// <summary>How a leader stands.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.lead-reply")]
public sealed record LeadReply
{
    /// <summary>Until when it leads now; null: not prolonged.</summary>
    [Id(0)] public required DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>True when requests on other processes wait for its answer.</summary>
    [Id(1)] public required bool IsAwaited { get; init; }
}
