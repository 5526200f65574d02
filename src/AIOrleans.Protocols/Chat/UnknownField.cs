using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>What is lost with a member that the provider's protocol does not have.</summary>
public enum FieldWeight
{
    /// <summary>A parameter: left out if the client agreed, refused otherwise.</summary>
    Parameter,

    /// <summary>Nothing that shows in the answer, e.g. a hint for the provider's cache: left out and reported.</summary>
    Harmless,

    /// <summary>Something that the model would have read, e.g. an earlier conversation by id: always refused.</summary>
    Content,
}

/// <summary>A member of the client's body that the canonical model has no place for.</summary>
/// <param name="Path">E.g. <c>messages[0].weight</c>.</param>
public sealed record UnknownField(string Path, RawJson Value, FieldWeight Weight)
{
    /// <summary>What the other side lacks, for content, e.g. "has no stored prompts"; null: it cannot read what is kept elsewhere.</summary>
    public string? Reason { get; init; }
}
