using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Accounts;

/// <summary>How large a hold is to be on one account.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.extend-ask")]
public sealed record ExtendAsk
{
    [Id(0)] public required HoldId Id { get; init; }

    /// <summary>What is to be held in all.</summary>
    [Id(1)] public required HoldSizes Total { get; init; }

    [Id(2)] public required ExtendReason Reason { get; init; }
}

/// <summary>The answer of one account to an <see cref="ExtendAsk"/>: granted when it tells what was held <see cref="Before"/>.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.extend-answer")]
public sealed record ExtendAnswer
{
    /// <summary>The activation that answered; the ledger is told it.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Null when it was refused, or the account has no such hold.</summary>
    [Id(1)] public HoldSizes? Before { get; init; }

    /// <summary>The limit without room; null when none refused.</summary>
    [Id(2)] public LimitFacts? Denied { get; init; }

    /// <summary>Null when the account has no buckets.</summary>
    [Id(3)] public BucketLevels? Buckets { get; init; }
}

/// <summary>An extension to take back: only where the hold is <see cref="From"/>, it becomes <see cref="To"/>.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.shrink-ask")]
public sealed record ShrinkAsk
{
    [Id(0)] public required HoldId Id { get; init; }

    [Id(1)] public required HoldSizes From { get; init; }

    [Id(2)] public required HoldSizes To { get; init; }
}
