using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Requests;

/// <summary>How large an open hold is to be.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.extend-command")]
public sealed record ExtendCommand
{
    [Id(0)] public required HoldId Id { get; init; }

    /// <summary>As of the hold: tenant first.</summary>
    [Id(1)] public required ImmutableArray<AccountId> Path { get; init; }

    /// <summary>What is to be held in all, not how much more.</summary>
    [Id(2)] public required HoldSize Worst { get; init; }

    /// <summary>Likewise; never above <see cref="Worst"/>.</summary>
    [Id(3)] public required HoldSize Expected { get; init; }

    [Id(4)] public required ExtendReason Reason { get; init; }
}

/// <summary>What became of an <see cref="ExtendCommand"/>. Unless it is extended, the call may use no more than before.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.extend-reply")]
public sealed record ExtendReply
{
    /// <summary>The limit without room; null when none refused.</summary>
    [Id(0)] public LimitFacts? Denied { get; init; }

    /// <summary>
    /// Why nobody could say: the ledger or an account is out of reach, or the hold has ended. Null otherwise. Some accounts may then hold
    /// the new total until the call is settled: too much, never too little.
    /// </summary>
    [Id(1)] public string? Unavailable { get; init; }

    /// <summary>True when every account granted, and it is durable.</summary>
    public bool IsExtended => Denied is null && Unavailable is null;
}
