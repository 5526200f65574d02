using System.Buffers;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Gateway.Clients;

/// <summary>A stream that ends before its end: what watched it, and whose answer it is.</summary>
internal sealed record RelayedStream(IStreamMeter Meter, AnswerFrame Frame);

/// <summary>How clients of one protocol are answered where the provider's own words are not: errors, headers of limits, silent streams.</summary>
internal abstract class ClientProtocol
{
    private static readonly OpenAiClients OpenAi = new();
    private static readonly ResponsesClients Responses = new();
    private static readonly AnthropicClients Anthropic = new();
    private static readonly GeminiClients Gemini = new();

    /// <summary>The protocol that a format belongs to.</summary>
    public static ClientProtocol Of(WireFormat format) => format switch
    {
        WireFormat.OpenAiResponses => Responses,
        WireFormat.Anthropic => Anthropic,
        WireFormat.Gemini or WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent => Gemini,
        _ => OpenAi,
    };

    /// <summary>The header in which clients look for the request's id.</summary>
    public virtual string RequestIdHeader => "x-request-id";

    /// <summary>Sent when a stream has been silent for long; no client takes it for an answer.</summary>
    public virtual ReadOnlyMemory<byte> KeepAlive { get; } = ": keep-alive\n\n"u8.ToArray();

    public abstract int StatusOf(ErrorKind kind);

    public abstract ReadOnlyMemory<byte> ErrorBodyOf(DeniedCall denied);

    /// <summary>Writes what ends a running stream instead of its end mark.</summary>
    /// <param name="relayed">The stream as it was relayed; null where it was only given again.</param>
    public abstract void WriteErrorEnd(IBufferWriter<byte> output, DeniedCall denied, RelayedStream? relayed);

    /// <summary>The id of an answer whose provider gave it none.</summary>
    public virtual string AnswerIdOf(HoldId request) => request.ToString();

    /// <summary>How much is left of the tightest limits.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> HeadersOf(Headroom headroom, DateTimeOffset now) => RateLimitHeaders.Of(headroom);

    /// <summary>When to come back, and whether at all.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> HeadersOf(DeniedCall denied, DateTimeOffset now) => denied switch
    {
        { RetryAfter: null, Retry: true } => [],
        { RetryAfter: { } wait, Retry: true } => RateLimitHeaders.OfWait(wait),
        { RetryAfter: { } wait } => [.. RateLimitHeaders.OfWait(wait), new("x-should-retry", "false")],
        _ => [new("x-should-retry", "false")],
    };
}
