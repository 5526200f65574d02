using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Money;

/// <summary>What one model costs: per disjoint token class, by the length of the prompt, by the service tier.</summary>
/// <remarks>
/// The base rates are the standard service's. What a service's sheet does not say is as for the standard service; above a threshold that the service does
/// not price itself, it is the dearer of the service's own price and the standard tier's, so that a price that nobody told is never too low.
/// </remarks>
public sealed record ModelPrice : PriceSheet
{
    public ModelPrice()
    {
    }

    /// <summary>The standard service's rates and tiers; the rest is to be said.</summary>
    public ModelPrice(PriceSheet standard)
        : base(standard)
    {
    }

    /// <summary>Names this price in every usage event that used it; the same version always means the same numbers.</summary>
    public required string Version { get; init; }

    /// <summary>Calls answered within a day. Null: as standard.</summary>
    public PriceSheet? Batch { get; init; }

    /// <summary>Calls served first. Null: as standard.</summary>
    public PriceSheet? Priority { get; init; }

    /// <summary>Calls served when there is room. Null: as standard.</summary>
    public PriceSheet? Flex { get; init; }

    /// <summary>The exact cost of <paramref name="usage"/>: summed in pico-dollars, rounded up to the nano-dollar once.</summary>
    /// <exception cref="OverflowException">More than the ledger's nine billion dollars.</exception>
    public NanoUsd CostOf(TokenUsage usage, ServiceTier service = ServiceTier.Standard) =>
        ChargedRates.Of(this, service, usage.TotalInput).CostOf(usage);

    /// <summary>The threshold that <paramref name="promptTokens"/> are above; 0 when below all.</summary>
    public long TierOf(long promptTokens, ServiceTier service = ServiceTier.Standard) =>
        Math.Max(HighestBelow(this, promptTokens), SheetOf(service) is { } sheet ? HighestBelow(sheet, promptTokens) : 0);

    /// <summary>The most that a call can cost, whichever classes its tokens turn out to be of, and whichever tier its prompt falls in.</summary>
    /// <param name="inputTokens">Most tokens read.</param>
    /// <param name="outputTokens">Most tokens produced.</param>
    /// <param name="units">Most that is counted by the piece.</param>
    /// <param name="asked">The service that was asked for: it or the standard one is given. Null: any may be.</param>
    public NanoUsd WorstCostOf(long inputTokens, long outputTokens, in UsageUnits units = default, ServiceTier? asked = null)
    {
        NanoUsd worst = WorstOf(ServiceTier.Standard, inputTokens, outputTokens, units);
        foreach (ServiceTier service in ServiceTiers.All)
        {
            bool isReachable = service != ServiceTier.Standard && SheetOf(service) is not null && (asked is null || asked == service);
            if (isReachable && WorstOf(service, inputTokens, outputTokens, units) is var cost && cost > worst)
            {
                worst = cost;
            }
        }

        return worst;
    }

    /// <summary>The same for calls that one service surely serves.</summary>
    public NanoUsd WorstCostAt(ServiceTier service, long inputTokens, long outputTokens, in UsageUnits units) => WorstOf(service, inputTokens, outputTokens, units);

    /// <summary>True when any of its sheets and tiers has a rate of this kind above zero.</summary>
    public bool Charges(Func<PriceRates, long?> rateOf)
    {
        foreach (PriceSheet? sheet in (ReadOnlySpan<PriceSheet?>)[this, Batch, Priority, Flex])
        {
            if (sheet is not null && (rateOf(sheet) > 0 || sheet.Tiers.Any(tier => rateOf(tier.Rates) > 0)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The sheet of a service; null for the standard one, and for those that have none.</summary>
    public PriceSheet? SheetOf(ServiceTier service) => service switch
    {
        ServiceTier.Batch => Batch,
        ServiceTier.Priority => Priority,
        ServiceTier.Flex => Flex,
        _ => null,
    };

    private NanoUsd WorstOf(ServiceTier service, long inputTokens, long outputTokens, in UsageUnits units)
    {
        // From the longest prompt down: each tier with the longest prompt that falls in it.
        NanoUsd worst = NanoUsd.Zero;
        long promptTokens = inputTokens;
        while (true)
        {
            NanoUsd cost = ChargedRates.Of(this, service, promptTokens).WorstCostOf(promptTokens, outputTokens, units);
            worst = cost > worst ? cost : worst;
            promptTokens = TierOf(promptTokens, service);
            if (promptTokens == 0)
            {
                return worst;
            }
        }
    }

    private static long HighestBelow(PriceSheet sheet, long promptTokens)
    {
        long highest = 0;
        foreach (PriceTier tier in sheet.Tiers)
        {
            highest = tier.AbovePromptTokens < promptTokens ? Math.Max(highest, tier.AbovePromptTokens) : highest;
        }

        return highest;
    }
}
