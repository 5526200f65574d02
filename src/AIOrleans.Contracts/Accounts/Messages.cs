using AIOrleans.Core.Health;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Accounts;

/// <summary>The answer of one account to a hold: granted when <see cref="Denied"/> is null.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.account-answer")]
public sealed record AccountAnswer
{
    /// <summary>The activation that answered; a durable hold carries it.</summary>
    [Id(0)] public required long Epoch { get; init; }

    [Id(1)] public LimitFacts? Denied { get; init; }

    /// <summary>After the hold; at the denial: before it.</summary>
    [Id(2)] public required Headroom Headroom { get; init; }

    /// <summary>Null when the account has no buckets.</summary>
    [Id(3)] public BucketLevels? Buckets { get; init; }

    /// <summary>What the asking silo may admit by itself from now on; null: nothing, it asks.</summary>
    [Id(4)] public SliceGrant? Slice { get; init; }
}

/// <summary>A settled hold as each of its accounts counts it.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.settled-hold")]
public sealed record SettledHold
{
    [Id(0)] public required HoldId Id { get; init; }

    [Id(1)] public required SettledUsage Usage { get; init; }

    [Id(2)] public required DateTimeOffset SettledAt { get; init; }

    /// <summary>HTTP status given to the client: with the next three, what the SLA window is fed with.</summary>
    [Id(3)] public required int Status { get; init; }

    [Id(4)] public required FailedBy FailedBy { get; init; }

    [Id(5)] public required long DurationMicros { get; init; }

    [Id(6)] public required long? FirstByteMicros { get; init; }

    /// <summary>The ledger had usage of this hold before (a retry, or an estimate that is replaced now): what the account counted may differ.</summary>
    [Id(7)] public required bool IsReplay { get; init; }

    /// <summary>Where it is settled so far.</summary>
    [Id(8)] public SettlementPlace Place { get; init; }

    /// <summary>The request was never made or never billed: it counts nowhere, its rate comes back too.</summary>
    public bool IsGivenBack => Usage is { Requests: 0, Used: { Tokens: 0, Cost.Value: 0 } };
}

/// <summary>The live numbers of one account and where they live.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.account-view")]
public sealed record AccountView
{
    [Id(0)] public required AccountLive Live { get; init; }

    /// <summary>The silo that owns the grain.</summary>
    [Id(1)] public required string Silo { get; init; }

    /// <summary>When this activation loaded its numbers.</summary>
    [Id(2)] public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>The service level that its callers have seen since it woke up.</summary>
    [Id(3)] public required SlaReport Sla { get; init; }

    /// <summary>Calls that wait for room on the account.</summary>
    [Id(4)] public required LineLive Line { get; init; }

    /// <summary>What only the outage journal has of it; null when the ledger has everything.</summary>
    [Id(5)] public JournaledView? Journaled { get; init; }

    /// <summary>What silos admit by themselves; null when every call is asked for here.</summary>
    [Id(6)] public SlicesView? Slices { get; init; }
}

/// <summary>What an account counts that the ledger has not heard of yet.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.journaled-view")]
public sealed record JournaledView
{
    /// <summary>Calls in flight.</summary>
    [Id(0)] public required int Holds { get; init; }

    /// <summary>Calls that have ended.</summary>
    [Id(1)] public required int Settlements { get; init; }

    /// <summary>The account could not be loaded: it counts only what happened since it was asked first during the outage.</summary>
    [Id(2)] public required bool IsProvisional { get; init; }
}

/// <summary>Where a settlement is durable when an account is told of it.</summary>
public enum SettlementPlace
{
    /// <summary>In the ledger.</summary>
    Ledger,

    /// <summary>In the outage journal only: no load can find it.</summary>
    Journal,

    /// <summary>In the ledger now, by the outage journal.</summary>
    Replayed,
}
