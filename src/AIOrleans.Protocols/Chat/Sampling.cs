using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>How the next token is chosen. Null: not said, the provider decides.</summary>
public sealed record Sampling
{
    public static Sampling Default { get; } = new();

    public decimal? Temperature { get; init; }

    public decimal? TopP { get; init; }

    public long? TopK { get; init; }

    public decimal? FrequencyPenalty { get; init; }

    public decimal? PresencePenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>OpenAI's map of token ids, which are the tokens of one model only.</summary>
    public RawJson? LogitBias { get; init; }

    /// <summary>True when the client wants the probability of each token.</summary>
    public bool LogProbs { get; init; }

    /// <summary>How many alternatives of each token; null: none.</summary>
    public long? TopLogProbs { get; init; }
}
