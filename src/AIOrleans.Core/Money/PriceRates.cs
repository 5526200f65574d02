using System.Collections.Immutable;

namespace AIOrleans.Core.Money;

/// <summary>One set of prices per disjoint token class and unit. Null: not said here, see the fallback of each.</summary>
public record PriceRates
{
    /// <summary>Text read anew. A <see cref="ModelPrice"/> always says it.</summary>
    public TokenPrice? Input { get; init; }

    /// <summary>Text produced. A <see cref="ModelPrice"/> always says it.</summary>
    public TokenPrice? Output { get; init; }

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

    /// <summary>The part of the output that was reasoning. Null: as output.</summary>
    public TokenPrice? Reasoning { get; init; }

    /// <summary>Each image read, on top of its tokens. Null: nothing.</summary>
    public NanoUsd? PerImage { get; init; }

    /// <summary>Charged once per request that the provider served. Null: nothing.</summary>
    public NanoUsd? PerRequest { get; init; }

    /// <summary>Tokens of images read. Null: as input.</summary>
    public TokenPrice? ImageInput { get; init; }

    /// <summary>Tokens of images made. Null: as output.</summary>
    public TokenPrice? ImageOutput { get; init; }

    /// <summary>Each image made. Null: nothing, as for all units below.</summary>
    public NanoUsd? PerImageOutput { get; init; }

    /// <summary>A minute of audio heard, charged by the millisecond.</summary>
    public NanoUsd? PerAudioMinute { get; init; }

    /// <summary>Characters spoken; a character costs what a token of this price would.</summary>
    public TokenPrice? PerMillionCharacters { get; init; }

    /// <summary>Each search of a service that ranks documents.</summary>
    public NanoUsd? PerSearchUnit { get; init; }
}

/// <summary>Prices of requests whose prompt is longer than <paramref name="AbovePromptTokens"/>: the whole request is priced so, as providers bill.</summary>
/// <param name="Rates">What differs; the rest is as below the threshold.</param>
public sealed record PriceTier(long AbovePromptTokens, PriceRates Rates);

/// <summary>Prices with tiers by the length of the prompt.</summary>
public record PriceSheet : PriceRates
{
    /// <summary>Most tiers of a sheet: twice the steps of the finest list known.</summary>
    public const int TiersMax = 8;

    public PriceSheet()
    {
    }

    /// <summary>Without tiers.</summary>
    public PriceSheet(PriceRates rates)
        : base(rates)
    {
    }

    /// <summary>By growing threshold.</summary>
    public ImmutableArray<PriceTier> Tiers { get; init; } = [];
}
