using System.Collections.Immutable;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>A complete answer in no protocol's words.</summary>
/// <param name="Id">As the provider calls it; null where it gave none.</param>
/// <param name="Model">As the provider calls it; null where it did not say.</param>
/// <param name="Choices">At least one, unless there are <see cref="Vectors"/>.</param>
/// <param name="Usage">Null when missing or garbage.</param>
public sealed record CanonicalAnswer(string? Id, string? Model, ImmutableArray<ChatChoice> Choices, TokenUsage? Usage)
{
    /// <summary>The service tier that it was served with; null: not told.</summary>
    public ServiceTier? Service { get; init; }

    /// <summary>Of embeddings, in the order of the texts: arrays of numbers. Empty for a chat.</summary>
    public ImmutableArray<RawJson> Vectors { get; init; } = [];
}

/// <summary>One of the answers to a request.</summary>
/// <param name="StopSequence">Which one, for <see cref="StopReason.StopSequence"/> where the provider says.</param>
/// <param name="LogProbs">In OpenAI's form; null: none.</param>
public sealed record ChatChoice(
    int Index, ImmutableArray<ChatPart> Parts, StopReason Stop, string? StopSequence = null, RawJson? LogProbs = null);
