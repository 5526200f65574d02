using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Gateway.Flow;

/// <summary>What one attempt used and costs.</summary>
/// <param name="Estimated">True when the provider did not tell: counted, and never above what was held.</param>
internal readonly record struct Charge(TokenUsage Usage, NanoUsd Cost, bool Estimated);

/// <summary>Prices attempts by the model's price; the only place of the gateway that turns tokens into money.</summary>
internal sealed class Pricing
{
    /// <summary>Bytes of text in one token, for output that nobody counted. Source: OpenAI's rule of thumb of four characters per token.</summary>
    private const int BytesPerToken = 4;

    /// <summary>The exact cost when the provider told its usage, else an estimate within <paramref name="room"/>.</summary>
    /// <param name="room">What is left of the hold: an estimate must not overdraw what was reserved.</param>
    public Charge ChargeOf(Exchange exchange, AttemptRecord attempt, HoldSize room)
    {
        ModelPrice? price = exchange.Model.Price;
        if (attempt.Usage is { } told)
        {
            return new Charge(told, price?.CostOf(told) ?? NanoUsd.Zero, Estimated: false);
        }

        long input = Math.Min(exchange.Plan.ExpectedInputTokens, room.Tokens);
        long output = Math.Min((attempt.OutputBytes + BytesPerToken - 1) / BytesPerToken, room.Tokens - input);
        var counted = new TokenUsage { UncachedInput = input, Output = output };
        NanoUsd cost = price?.CostOf(counted) ?? NanoUsd.Zero;
        return new Charge(counted, cost > room.Cost ? room.Cost : cost, Estimated: true);
    }

    /// <summary>The cost of an attempt that answered whole.</summary>
    public NanoUsd CostOf(Exchange exchange, AttemptRecord attempt) => ChargeOf(exchange, attempt, exchange.Plan.Worst).Cost;
}
