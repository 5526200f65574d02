using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Money;

/// <summary>What one model costs, per disjoint token class. A class without a price of its own falls back as its comment says.</summary>
public sealed record ModelPrice
{
    /// <summary>Names this price in every usage event that used it; the same version always means the same numbers.</summary>
    public required string Version { get; init; }

    public required TokenPrice Input { get; init; }

    public required TokenPrice Output { get; init; }

    /// <summary>Tokens read from the provider's prompt cache. Null: as input.</summary>
    public TokenPrice? CachedInput { get; init; }

    /// <summary>Tokens written to a five-minute cache. Null: as input.</summary>
    public TokenPrice? CacheWrite5m { get; init; }

    /// <summary>Tokens written to a one-hour cache. Null: as a five-minute write.</summary>
    public TokenPrice? CacheWrite1h { get; init; }

    /// <summary>Audio heard. Null: as input.</summary>
    public TokenPrice? AudioInput { get; init; }

    /// <summary>Audio spoken. Null: as output.</summary>
    public TokenPrice? AudioOutput { get; init; }

    /// <summary>Charged once per request that the provider served.</summary>
    public NanoUsd PerRequest { get; init; }

    /// <summary>The exact cost of <paramref name="usage"/>: summed in pico-dollars, rounded up to the nano-dollar once.</summary>
    /// <exception cref="OverflowException">More than the ledger's nine billion dollars.</exception>
    public NanoUsd CostOf(TokenUsage usage)
    {
        TokenPrice write5m = CacheWrite5m ?? Input;
        Int128 pico = checked(Input.PicoUsdOf(usage.UncachedInput)
            + (CachedInput ?? Input).PicoUsdOf(usage.CacheRead)
            + write5m.PicoUsdOf(usage.CacheWrite5m)
            + (CacheWrite1h ?? write5m).PicoUsdOf(usage.CacheWrite1h)
            + Output.PicoUsdOf(usage.Output)
            + (AudioInput ?? Input).PicoUsdOf(usage.AudioInput)
            + (AudioOutput ?? Output).PicoUsdOf(usage.AudioOutput)
            + ((Int128)PerRequest.Value * TokenPrice.PicoPerNano));
        return RoundUp(pico);
    }

    /// <summary>The most that <paramref name="inputTokens"/> and <paramref name="outputTokens"/> can cost, whichever classes they turn out to be.</summary>
    public NanoUsd WorstCostOf(long inputTokens, long outputTokens)
    {
        TokenPrice write5m = CacheWrite5m ?? Input;
        long input = Math.Max(
            Math.Max(Input.MicroUsdPerMillion, (CachedInput ?? Input).MicroUsdPerMillion),
            Math.Max(Math.Max(write5m.MicroUsdPerMillion, (CacheWrite1h ?? write5m).MicroUsdPerMillion), (AudioInput ?? Input).MicroUsdPerMillion));
        long output = Math.Max(Output.MicroUsdPerMillion, (AudioOutput ?? Output).MicroUsdPerMillion);
        return RoundUp(checked(((Int128)inputTokens * input) + ((Int128)outputTokens * output) + ((Int128)PerRequest.Value * TokenPrice.PicoPerNano)));
    }

    private static NanoUsd RoundUp(Int128 pico) => new(checked((long)((pico + TokenPrice.PicoPerNano - 1) / TokenPrice.PicoPerNano)));
}
