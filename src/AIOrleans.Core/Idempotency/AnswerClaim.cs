using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Idempotency;

/// <summary>Asks to be the one request of an <c>Idempotency-Key</c> that calls a provider.</summary>
public sealed record AnswerClaim
{
    /// <summary>The API key's id and a hash of the client's <c>Idempotency-Key</c>: <c>acme.eng.k1/9f86…</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Whose answer it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The request that asks.</summary>
    public required HoldId RequestId { get; init; }

    /// <summary>Of method, path and body: 64 lower-case hex characters. Another one under the same key is another request.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Until when the key is remembered.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What became of an <see cref="AnswerClaim"/>.</summary>
public enum ClaimState
{
    /// <summary>The asking request calls the provider; it must end its claim.</summary>
    Led = 0,

    /// <summary>Another request does, and lives: wait for it.</summary>
    Running = 1,

    /// <summary>Another request did, and its answer is kept.</summary>
    Kept = 2,

    /// <summary>Another request did and was charged, but its answer is not kept.</summary>
    NotKept = 3,

    /// <summary>The key was used for a request with another fingerprint.</summary>
    Reused = 4,
}

/// <summary>Who stands for a key.</summary>
/// <param name="RequestId">The request that leads or led.</param>
/// <param name="LeaseUntil">Until when it is believed to live; means nothing once it has ended.</param>
public sealed record ClaimOutcome(ClaimState State, HoldId RequestId, DateTimeOffset LeaseUntil);
