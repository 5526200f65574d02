using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Requests;

/// <summary>What to hold, on which accounts, for whom.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.hold-command")]
public sealed record HoldCommand
{
    [Id(0)] public required HoldId Id { get; init; }

    /// <summary>Tenant first.</summary>
    [Id(1)] public required ImmutableArray<AccountId> Path { get; init; }

    [Id(2)] public required string Operation { get; init; }

    [Id(3)] public required HoldSize Worst { get; init; }

    [Id(4)] public required HoldSize Expected { get; init; }

    [Id(5)] public required Attribution Attribution { get; init; }

    /// <summary>Null: the call does not wait in line.</summary>
    [Id(6)] public LineAsk? Line { get; init; }
}

/// <summary>What became of a <see cref="HoldCommand"/>: held, or refused by one account (<see cref="Denied"/> or <see cref="Unreachable"/>) with nothing held.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.hold-reply")]
public sealed record HoldReply
{
    /// <summary>Which limit refused; null when none did.</summary>
    [Id(0)] public LimitFacts? Denied { get; init; }

    /// <summary>The tightest headroom along the path, after this hold (or at the denial, as far as accounts were asked).</summary>
    [Id(1)] public required Headroom Headroom { get; init; }

    /// <summary>Until when the hold must be renewed or settled.</summary>
    [Id(2)] public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>Who could not be asked, however often: its silo has gone or is out of reach. Null when all answered.</summary>
    [Id(4)] public AccountId? Unreachable { get; init; }

    /// <summary>True when every account granted.</summary>
    public bool IsHeld => Denied is null && Unreachable is null;

    /// <summary>The ledger is away: the hold is durable in the outage journal.</summary>
    [Id(3)] public bool IsJournaled { get; init; }
}

/// <summary>Holds of one silo to be prolonged by one lease.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.renew-command")]
public sealed record RenewCommand([property: Id(0)] ImmutableArray<HeldRequest> Holds);

/// <summary>A live hold and the accounts that have it.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.held-request")]
public sealed record HeldRequest([property: Id(0)] HoldId Id, [property: Id(1)] ImmutableArray<AccountId> Path);

/// <summary>The true usage of a request: one event for each attempt that was billed, at least one.</summary>
[GenerateSerializer, Immutable, Alias("aiorleans.settle-command")]
public sealed record SettleCommand([property: Id(0)] HoldId Id, [property: Id(1)] ImmutableArray<UsageEvent> Events);
