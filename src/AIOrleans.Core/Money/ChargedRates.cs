using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Money;

/// <summary>The rates that one request is charged by: every fallback of its price followed.</summary>
/// <remarks>On the path of every request: found without allocating.</remarks>
internal readonly struct ChargedRates
{
    /// <summary>A millisecond at a nano-dollar a minute is a sixtieth of a pico-dollar: sums are kept in sixtieths, so that audio is exact too.</summary>
    private const long PartsPerPico = 60;

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
    private readonly long imageInput;
    private readonly long imageOutput;
    private readonly long perImageOutputNano;
    private readonly long perAudioMinuteNano;
    private readonly long perCharacter;
    private readonly long perSearchUnitNano;

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
        imageInput = source.Find(static rates => rates.ImageInput?.MicroUsdPerMillion) ?? input;
        imageOutput = source.Find(static rates => rates.ImageOutput?.MicroUsdPerMillion) ?? output;
        perImageOutputNano = source.Find(static rates => rates.PerImageOutput?.Value) ?? 0;
        perAudioMinuteNano = source.Find(static rates => rates.PerAudioMinute?.Value) ?? 0;
        perCharacter = source.Find(static rates => rates.PerMillionCharacters?.MicroUsdPerMillion) ?? 0;
        perSearchUnitNano = source.Find(static rates => rates.PerSearchUnit?.Value) ?? 0;
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
            + ((Int128)usage.ImageInput * imageInput)
            + ((Int128)usage.ImageOutput * imageOutput)), usage.ToUnits());
    }

    /// <summary>The most that these tokens can cost, of whichever classes they are, with so many units.</summary>
    public NanoUsd WorstCostOf(long inputTokens, long outputTokens, in UsageUnits units)
    {
        long dearestInput = Math.Max(Math.Max(Math.Max(input, cacheRead), Math.Max(cacheWrite5m, cacheWrite1h)), Math.Max(audioInput, imageInput));
        long dearestOutput = Math.Max(Math.Max(output, reasoning), Math.Max(audioOutput, imageOutput));
        return RoundUp(checked(((Int128)inputTokens * dearestInput) + ((Int128)outputTokens * dearestOutput)), units);
    }

    /// <summary>Tokens and units together, rounded up once.</summary>
    private NanoUsd RoundUp(Int128 picoOfTokens, in UsageUnits units)
    {
        Int128 nanoOfPieces = checked(((Int128)units.Images * perImageNano)
            + ((Int128)units.ImagesMade * perImageOutputNano)
            + ((Int128)units.SearchUnits * perSearchUnitNano)
            + perRequestNano);
        Int128 pico = checked(picoOfTokens + ((Int128)units.Characters * perCharacter) + (nanoOfPieces * TokenPrice.PicoPerNano));
        Int128 parts = checked((pico * PartsPerPico) + ((Int128)units.AudioMilliseconds * perAudioMinuteNano));
        const long PartsPerNano = PartsPerPico * TokenPrice.PicoPerNano;
        return new NanoUsd(checked((long)((parts + PartsPerNano - 1) / PartsPerNano)));
    }

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
