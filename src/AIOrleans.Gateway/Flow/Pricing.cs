using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Gateway.Flow;

/// <summary>What one attempt used and costs, and by which price: enough to recompute it.</summary>
internal readonly record struct Charge
{
    public TokenUsage Usage { get; init; }

    public NanoUsd Cost { get; init; }

    /// <summary>True when the provider did not tell: counted, and never above what was held.</summary>
    public bool Estimated { get; init; }

    /// <summary>The price used; null when there is none, or nothing to price.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>The service tier charged.</summary>
    public ServiceTier Service { get; init; }

    /// <summary>What was held for the attempt, where an estimate was cut to it.</summary>
    public NanoUsd? CostMax { get; init; }
}

/// <summary>Prices attempts by the deployment that was called; the only place of the gateway that turns tokens into money.</summary>
internal sealed class Pricing
{
    /// <summary>The exact cost when the provider told its usage, else an estimate within <paramref name="room"/>.</summary>
    /// <param name="room">What is held for the attempt: an estimate must not overdraw what was reserved.</param>
    public Charge ChargeOf(Exchange exchange, AttemptRecord attempt, HoldSize room)
    {
        if (exchange.Request.Format.IsMedia())
        {
            (TokenUsage used, bool isEstimate) = MediaCharge.UsageOf(exchange, attempt, exchange.Prices.Of(attempt.Candidate.Route), room);
            Charge ofMedia = Priced(exchange, attempt, used, isEstimate);
            return isEstimate ? Within(ofMedia, room) : ofMedia;
        }

        if (attempt.Usage is { } told)
        {
            return Priced(exchange, attempt, told with { Images = exchange.Request.ImageCount }, isEstimate: false);
        }

        long written = attempt.OutputTokens;
        TokenUsage counted;
        if (attempt.InputTold is { } begun && begun.TotalInput <= room.Tokens)
        {
            // What was read is known, cached or not; only what was written is counted.
            counted = begun with { Output = Math.Min(Math.Max(written, begun.Output), room.Tokens - begun.TotalInput), Images = exchange.Request.ImageCount };
        }
        else
        {
            long input = Math.Min(exchange.Plan.ExpectedInputTokens, room.Tokens);
            counted = new TokenUsage { UncachedInput = input, Output = Math.Min(written, room.Tokens - input), Images = exchange.Request.ImageCount };
        }

        return Within(Priced(exchange, attempt, counted, isEstimate: true), room);
    }

    /// <summary>The cost of an attempt that answered whole.</summary>
    public NanoUsd CostOf(Exchange exchange, AttemptRecord attempt) => ChargeOf(exchange, attempt, exchange.Plan.Worst).Cost;

    private static Charge Within(in Charge charge, HoldSize room) =>
        charge.Cost > room.Cost ? charge with { Cost = room.Cost, CostMax = room.Cost } : charge;

    private static Charge Priced(Exchange exchange, AttemptRecord attempt, TokenUsage usage, bool isEstimate)
    {
        var charge = new Charge { Usage = usage, Estimated = isEstimate };
        if (exchange.Prices.Of(attempt.Candidate.Route) is not { } price)
        {
            return charge;
        }

        ServiceTier service = attempt.Service ?? ServiceTier.Standard;
        NanoUsd cost = price.CostOf(usage, service);

        // A provider that does not say how it served a call may have served it as asked: the dearer of both is what it may bill.
        if (attempt.Service is null && exchange.Request.Service is { } asked && price.CostOf(usage, asked) is var dearer && dearer > cost)
        {
            (service, cost) = (asked, dearer);
        }

        return charge with { Price = price, Service = service, Cost = cost };
    }
}
