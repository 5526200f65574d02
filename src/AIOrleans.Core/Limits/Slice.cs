using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>What a silo would like to admit by itself: so many calls of one operation.</summary>
/// <param name="Requests">Calls; at least 1.</param>
/// <param name="Sizes">Of all of them together.</param>
public readonly record struct SliceWish(int Requests, HoldSizes Sizes)
{
    internal void ThrowIfAbsurd()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Requests, 1);
        Sizes.ThrowIfAbsurd();
    }
}

/// <summary>A part of an account that is held ahead of its calls, so that a silo can admit them without asking.</summary>
/// <param name="Id">As of a hold: it stands among them until it comes back.</param>
/// <param name="Operation">What may be called by it.</param>
/// <param name="Requests">Calls that it may admit in all.</param>
/// <param name="Slots">Calls that it may have in flight at once; at most <paramref name="Requests"/>.</param>
/// <param name="Sizes">What its calls may hold together.</param>
public sealed record Slice(HoldId Id, string Operation, int Requests, int Slots, HoldSizes Sizes);

/// <summary>A call that was admitted from a slice and is settled in the ledger.</summary>
public readonly record struct SettledCall(HoldId Id, SettledUsage Usage, DateTimeOffset SettledAt)
{
    /// <summary>The request was never made or never billed: it counts nowhere, its rate comes back too.</summary>
    public bool IsGivenBack => Usage is { Requests: 0, Used: { Tokens: 0, Cost.Value: 0 } };
}

/// <summary>Slices that are out.</summary>
/// <param name="Requests">Calls that they may admit, and those that they have admitted and not told of yet.</param>
/// <param name="Size">Of them, at the worst.</param>
public readonly record struct SliceTotals(int Count, long Requests, HoldSize Size);
