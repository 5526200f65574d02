using System.Collections.Immutable;

namespace AIOrleans.Protocols.Chat;

/// <summary>Texts that a model is asked to turn into vectors.</summary>
/// <param name="Inputs">In the order of the vectors; at least one, unless they cannot be told elsewhere.</param>
public sealed record EmbeddingAsk(ImmutableArray<ChatPart.Text> Inputs)
{
    /// <summary>Numbers in a vector; null: as many as the model makes.</summary>
    public long? Dimensions { get; init; }

    /// <summary>True when the client wants each vector as base64 of little-endian 32-bit floats instead of numbers.</summary>
    public bool AsBase64 { get; init; }
}
