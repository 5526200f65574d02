using System.Collections.Immutable;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>One piece of a message or of an answer.</summary>
public abstract record ChatPart
{
    private ChatPart()
    {
    }

    /// <summary>Where it stands in the client's body, e.g. <c>messages[0].content[1]</c>; empty in answers.</summary>
    public string Path { get; init; } = "";

    /// <summary>What the client wants cached up to and including this part.</summary>
    public CacheMark Cache { get; init; }

    /// <summary>Plain text.</summary>
    public sealed record Text(string Value) : ChatPart;

    /// <summary>A picture.</summary>
    /// <param name="Detail">OpenAI's <c>low</c>, <c>high</c>, <c>auto</c>; null: not said.</param>
    public sealed record Image(MediaSource Source, string? Detail = null) : ChatPart;

    /// <summary>A sound.</summary>
    public sealed record Audio(MediaSource Source) : ChatPart;

    /// <summary>A file that the model reads, e.g. a PDF.</summary>
    public sealed record Document(MediaSource Source, string? Name = null) : ChatPart;

    /// <summary>The model's wish to have a tool called.</summary>
    /// <param name="Arguments">JSON as the model wrote it; may be broken, because models err.</param>
    /// <param name="Signature">What the provider wants back with the call (Gemini's thought signature); null: none.</param>
    public sealed record ToolCall(string Id, string Name, string Arguments, string? Signature = null) : ChatPart;

    /// <summary>What a tool answered.</summary>
    /// <param name="CallId">The <see cref="ToolCall.Id"/> that it answers.</param>
    /// <param name="Name">The tool, where the client names it.</param>
    public sealed record ToolResult(string CallId, string? Name, ImmutableArray<ChatPart> Parts, bool IsError) : ChatPart;

    /// <summary>What the model thought before it answered.</summary>
    /// <param name="Value">Readable thoughts; empty when redacted.</param>
    /// <param name="Signature">Proof of the provider that the thoughts are its own; null: none.</param>
    /// <param name="Redacted">The encrypted payload where the thoughts are not shown; null where they are.</param>
    public sealed record Thinking(string Value, string? Signature = null, string? Redacted = null) : ChatPart;

    /// <summary>The model declining to answer.</summary>
    public sealed record Refusal(string Value) : ChatPart;

    /// <summary>A part of a kind that only its own protocol knows.</summary>
    public sealed record Unknown(string Kind, RawJson Value) : ChatPart;
}
