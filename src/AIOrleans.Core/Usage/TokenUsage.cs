namespace AIOrleans.Core.Usage;

/// <summary>Tokens of one attempt in disjoint classes: no token is in two of them, so their sum is what the provider processed.</summary>
/// <remarks>
/// Sums are checked: the readers bound each class far below (a provider that tells nonsense is not believed), so that an overflow is a bug and throws.
/// OpenAI's <c>prompt_tokens</c> include cached ones and Anthropic's exclude them; the protocol readers make both this.
/// </remarks>
public readonly record struct TokenUsage
{
    /// <summary>Text read anew.</summary>
    public long UncachedInput { get; init; }

    /// <summary>Text read from the provider's cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Text written to a five-minute cache.</summary>
    public long CacheWrite5m { get; init; }

    /// <summary>Text written to a one-hour cache.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Text produced, reasoning included.</summary>
    public long Output { get; init; }

    /// <summary>The part of <see cref="Output"/> that was reasoning; shown apart, never added.</summary>
    public long Reasoning { get; init; }

    /// <summary>Audio heard.</summary>
    public long AudioInput { get; init; }

    /// <summary>Audio spoken.</summary>
    public long AudioOutput { get; init; }

    /// <summary>Images read, where the provider tells their tokens from those of text.</summary>
    public long ImageInput { get; init; }

    /// <summary>Images made, likewise.</summary>
    public long ImageOutput { get; init; }

    /// <summary>Images read: a unit beside the tokens, in none of their sums, as are all below.</summary>
    public long Images { get; init; }

    /// <summary>Images made.</summary>
    public long ImagesMade { get; init; }

    /// <summary>Audio heard, by its length.</summary>
    public long AudioMilliseconds { get; init; }

    /// <summary>Characters of text that were spoken.</summary>
    public long Characters { get; init; }

    /// <summary>Searches, as services that rank documents count them.</summary>
    public long SearchUnits { get; init; }

    /// <summary>Everything read.</summary>
    public long TotalInput => checked(UncachedInput + CacheRead + CacheWrite5m + CacheWrite1h + AudioInput + ImageInput);

    /// <summary>Everything produced.</summary>
    public long TotalOutput => checked(Output + AudioOutput + ImageOutput);

    /// <summary>Everything, each token once.</summary>
    public long Total => checked(TotalInput + TotalOutput);

    /// <summary>What is counted by the piece.</summary>
    public UsageUnits ToUnits() => new()
    {
        Images = Images, ImagesMade = ImagesMade, AudioMilliseconds = AudioMilliseconds, Characters = Characters, SearchUnits = SearchUnits,
    };
}
