using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Ledger;

/// <summary>An account that granted, and the activation (epoch) that did: the ledger refuses the hold when a newer one exists.</summary>
public readonly record struct AccountGrant(AccountId Account, long Epoch);

/// <summary>A reservation of the worst case of one request on every account of its path.</summary>
public sealed record DurableHold
{
    public required HoldId Id { get; init; }

    /// <summary>Tenant first. Never empty.</summary>
    public required IReadOnlyList<AccountGrant> Grants { get; init; }

    /// <summary>The most that the request can use: what <c>strict</c> quotas hold, and what an orphan is charged.</summary>
    public required HoldSize Worst { get; init; }

    /// <summary>What the request will probably use, never above <see cref="Worst"/>: what rates and <c>expected</c> quotas hold.</summary>
    public required HoldSize Expected { get; init; }

    /// <summary>What is called: <c>chat</c>, <c>embeddings</c>, …</summary>
    public required string Operation { get; init; }

    /// <summary>Until when the holder promises to settle, release or renew.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>The silo that holds it.</summary>
    public required string Owner { get; init; }

    /// <summary>For whom and for what: goes into the usage event.</summary>
    public required Attribution Attribution { get; init; }

    /// <summary>Bucket levels after the grants, saved with the hold so that a re-activated account hands out no fresh burst.</summary>
    public IReadOnlyList<BucketLevels> Buckets { get; init; } = [];
}

/// <summary>Whom a request is attributed to, from authenticated identity only.</summary>
/// <param name="KeyId">The key that called: <c>acme.eng.k1</c>.</param>
/// <param name="Model">The alias the client named.</param>
/// <param name="TimeZone">IANA zone of the tenant: which calendar its windows follow.</param>
/// <param name="Tags">Department, project, …; ordered by name.</param>
public sealed record Attribution(string KeyId, string Model, string TimeZone, IReadOnlyList<KeyValuePair<string, string>> Tags);

/// <summary>What became of a hold that was brought to the ledger.</summary>
public enum HoldOutcome
{
    /// <summary>Durable.</summary>
    Recorded,

    /// <summary>An account has been activated anew since it granted: nothing was written, ask it again.</summary>
    Fenced,
}
