using System.Collections.Immutable;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Accounts;

/// <summary>A slice of an account for one silo. Worth nothing once the account has begun another epoch: the ledger refuses what is admitted from it.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.slice-grant")]
public sealed record SliceGrant
{
    [Id(0)] public required HoldId Id { get; init; }

    [Id(1)] public required string Operation { get; init; }

    /// <summary>Calls that it may admit in all.</summary>
    [Id(2)] public required int Requests { get; init; }

    /// <summary>Calls that it may have in flight at once.</summary>
    [Id(3)] public required int Slots { get; init; }

    /// <summary>What its calls may hold together.</summary>
    [Id(4)] public required HoldSizes Sizes { get; init; }

    /// <summary>How often the account had wanted its slices back so far: see <see cref="IAccountGrain.AwaitRecallAsync"/>.</summary>
    [Id(5)] public required long Recalls { get; init; }

    /// <summary>What callers of the slice are told is left.</summary>
    [Id(6)] public required Headroom Headroom { get; init; }
}

/// <summary>A slice that comes back, with what was admitted from it.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.retire-ask")]
public sealed record RetireAsk
{
    [Id(0)] public required HoldId Id { get; init; }

    /// <summary>The activation that granted it.</summary>
    [Id(1)] public required long Epoch { get; init; }

    [Id(2)] public required string Operation { get; init; }

    /// <summary>Calls that have ended; the ledger has them already.</summary>
    [Id(3)] public required ImmutableArray<SettledHold> Settled { get; init; }

    /// <summary>Calls in flight.</summary>
    [Id(4)] public required ImmutableArray<SliceCall> Open { get; init; }
}

/// <summary>A call in flight that was admitted from a slice.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.slice-call")]
public readonly record struct SliceCall(
    [property: Id(0)] HoldId Id, [property: Id(1)] HoldSizes Sizes, [property: Id(2)] DateTimeOffset LeaseUntil);

/// <summary>Slices that are out.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.slices-view")]
public sealed record SlicesView
{
    [Id(0)] public required int Count { get; init; }

    /// <summary>Calls that they may admit, and those that they have admitted and not told of yet.</summary>
    [Id(1)] public required long Requests { get; init; }

    /// <summary>Of those calls, at the worst.</summary>
    [Id(2)] public required HoldSize Size { get; init; }
}
