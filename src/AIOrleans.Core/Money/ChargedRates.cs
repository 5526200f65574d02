using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Money;

/// <summary>The rates that one request is charged by: every fallback of its price followed.</summary>
/// <remarks>On the path of every request: found without allocating.</remarks>
internal readonly struct ChargedRates
{
    private readonly long input;
    private readonly long cacheRead;
    private readonly long cacheWrite5m;
    private readonly long cacheWrite1h;
    private readonly long audioInput;
    private readonly long output;
    private readonly long reasoning;
    private readonly long audioOutput;
    private readonly long perImageNano;
    private readonly long perRequestNano;

    private ChargedRates(in Source source)
    {
        input = source.Find(static rates => rates.Input?.MicroUsdPerMillion) ?? throw source.Missing(nameof(PriceRates.Input));
        output = source.Find(static rates => rates.Output?.MicroUsdPerMillion) ?? throw source.Missing(nameof(PriceRates.Output));
        cacheRead = source.Find(static rates => rates.CachedInput?.MicroUsdPerMillion) ?? input;
        cacheWrite5m = source.Find(static rates => rates.CacheWrite5m?.MicroUsdPerMillion) ?? input;
        cacheWrite1h = source.Find(static rates => rates.CacheWrite1h?.MicroUsdPerMillion) ?? cacheWrite5m;
        audioInput = source.Find(static rates => rates.AudioInput?.MicroUsdPerMillion) ?? input;
        reasoning = source.Find(static rates => rates.Reasoning?.MicroUsdPerMillion) ?? output;
        audioOutput = source.Find(static rates => rates.AudioOutput?.MicroUsdPerMillion) ?? output;
        perImageNano = source.Find(static rates => rates.PerImage?.Value) ?? 0;
        perRequestNano = source.Find(static rates => rates.PerRequest?.Value) ?? 0;
    }

    /// <summary>The rates of a request with a prompt of <paramref name="promptTokens"/>, cached ones included.</summary>
    public static ChargedRates Of(ModelPrice price, ServiceTier service, long promptTokens) =>
        new(new Source(price, price.SheetOf(service), promptTokens));

    /// <summary>Exact, rounded up once.</summary>
    /// <exception cref="OverflowException">More than the ledger's nine billion dollars.</exception>
    public NanoUsd CostOf(in TokenUsage usage)
    {
        long thought = Math.Min(usage.Reasoning, usage.Output);
        return RoundUp(checked(((Int128)usage.UncachedInput * input)
            + ((Int128)usage.CacheRead * cacheRead)
            + ((Int128)usage.CacheWrite5m * cacheWrite5m)
            + ((Int128)usage.CacheWrite1h * cacheWrite1h)
            + ((Int128)usage.AudioInput * audioInput)
            + ((Int128)(usage.Output - thought) * output)
            + ((Int128)thought * reasoning)
            + ((Int128)usage.AudioOutput * audioOutput)
            + PicoOfUnits(usage.Images)));
    }

    /// <summary>The most that these tokens can cost, of whichever classes they are.</summary>
    public NanoUsd WorstCostOf(long inputTokens, long outputTokens, long images)
    {
        long dearestInput = Math.Max(Math.Max(input, cacheRead), Math.Max(Math.Max(cacheWrite5m, cacheWrite1h), audioInput));
        long dearestOutput = Math.Max(output, Math.Max(reasoning, audioOutput));
        return RoundUp(checked(((Int128)inputTokens * dearestInput) + ((Int128)outputTokens * dearestOutput) + PicoOfUnits(images)));
    }

    private Int128 PicoOfUnits(long images) =>
        checked((((Int128)images * perImageNano) + perRequestNano) * TokenPrice.PicoPerNano);

    private static NanoUsd RoundUp(Int128 pico) => new(checked((long)((pico + TokenPrice.PicoPerNano - 1) / TokenPrice.PicoPerNano)));

    /// <summary>Where a rate is looked for.</summary>
    /// <param name="sheet">The service's; null for the standard one.</param>
    private readonly struct Source(ModelPrice price, PriceSheet? sheet, long promptTokens)
    {
        public long? Find(Func<PriceRates, long?> rateOf)
        {
            if (sheet is not null && InTiers(sheet, rateOf) is { } own)
            {
                return own;
            }

            long? ofService = sheet is null ? null : rateOf(sheet);
            return InTiers(price, rateOf) is { } ofTier ? Math.Max(ofTier, ofService ?? 0) : ofService ?? rateOf(price);
        }

        public InvalidOperationException Missing(string rate) => new($"The price {price.Version} has no {rate}.");

        /// <summary>What the highest tier says that the prompt is above and that says anything.</summary>
        private long? InTiers(PriceSheet tiered, Func<PriceRates, long?> rateOf)
        {
            for (int i = tiered.Tiers.Length - 1; i >= 0; i--)
            {
                if (promptTokens > tiered.Tiers[i].AbovePromptTokens && rateOf(tiered.Tiers[i].Rates) is { } rate)
                {
                    return rate;
                }
            }

            return null;
        }
    }
}
