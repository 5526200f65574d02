using AIOrleans.Core.Money;

namespace AIOrleans.Core.Ledger;

/// <summary>How much a hold reserves, besides its one request and one slot.</summary>
/// <param name="Tokens">All classes together.</param>
public readonly record struct HoldSize(long Tokens, NanoUsd Cost)
{
    internal void ThrowIfNegative()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(Cost.Value);
    }
}
