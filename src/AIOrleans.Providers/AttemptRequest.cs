using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers;

/// <summary>One call of one deployment.</summary>
public sealed record AttemptRequest
{
    public required ProviderConfig Provider { get; init; }

    /// <summary>The model as the provider calls it: for addresses and logs. Formats that have it in the body have it there already.</summary>
    public required string Model { get; init; }

    /// <summary>The format of <see cref="Body"/> and of the answer; one that <see cref="ProviderFormats"/> names for the provider.</summary>
    public required WireFormat Format { get; init; }

    /// <summary>Sent as it is.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>Content-Type</c> of a form; null for JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>True when the answer is the bytes of a file, to be passed on as they come.</summary>
    public bool AnswersBytes { get; init; }

    /// <summary>True when the body asks for a stream of events.</summary>
    public required bool Streamed { get; init; }

    /// <summary>True to have the input's tokens counted instead of answered.</summary>
    public bool CountsOnly { get; init; }

    /// <summary>The span that the provider's own would be below, as the header has it; null: the provider is not told.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What goes with <see cref="TraceParent"/>; null when nothing does.</summary>
    public string? TraceState { get; init; }

    /// <summary>Headers of the client. Only those that the provider's kind allows go upstream, so that all of them may be given.</summary>
    public IEnumerable<KeyValuePair<string, string>> ClientHeaders { get; init; } = [];
}
