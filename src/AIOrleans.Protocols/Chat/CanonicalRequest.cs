using System.Collections.Immutable;

namespace AIOrleans.Protocols.Chat;

/// <summary>A chat request in no protocol's words: the hub between a client of one and a provider of another (docs/adr/0005).</summary>
/// <remarks>Refers to the client's body and lives no longer than it. Collections are never default.</remarks>
public sealed record CanonicalRequest
{
    /// <summary>What the client spoke: mistakes name the client's own fields.</summary>
    public required WireFormat Client { get; init; }

    /// <summary>The alias that the client named.</summary>
    public required string Model { get; init; }

    public required ImmutableArray<ChatMessage> Messages { get; init; }

    public ImmutableArray<ChatTool> Tools { get; init; } = [];

    /// <summary>Null: not said.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>False: one tool at a time. Null: not said.</summary>
    public bool? ParallelTools { get; init; }

    public Sampling Sampling { get; init; } = Sampling.Default;

    public ImmutableArray<string> Stop { get; init; } = [];

    /// <summary>Null: not bounded by the client.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Null: plain text.</summary>
    public OutputFormat? Format { get; init; }

    /// <summary>Null: not said.</summary>
    public Reasoning? Reasoning { get; init; }

    /// <summary>How long the answer should be (<c>low</c>, <c>medium</c>, <c>high</c>); null: not said.</summary>
    public string? Verbosity { get; init; }

    /// <summary>The client's own user; null: not said.</summary>
    public string? User { get; init; }

    /// <summary>Answers asked for.</summary>
    public int N { get; init; } = 1;

    public bool Stream { get; init; }

    /// <summary>True when an OpenAI client wants usage at the end of the stream.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Set for embeddings, which have no messages; null: a chat.</summary>
    public EmbeddingAsk? Embedding { get; init; }

    public ImmutableArray<UnknownField> Unknown { get; init; } = [];
}
