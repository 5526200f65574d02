using System.Buffers;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;

namespace AIOrleans.Gateway.Clients;

/// <summary>Clients of Anthropic's messages.</summary>
internal sealed class AnthropicClients : ClientProtocol
{
    public override string RequestIdHeader => "request-id";

    public override ReadOnlyMemory<byte> KeepAlive { get; } = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    public override int StatusOf(ErrorKind kind) => AnthropicErrors.StatusOf(kind);

    public override ReadOnlyMemory<byte> ErrorBodyOf(DeniedCall denied) => AnthropicErrors.ToBody(denied);

    public override void WriteErrorEnd(IBufferWriter<byte> output, DeniedCall denied, RelayedStream? relayed) => AnthropicErrors.WriteEvent(output, denied);

    public override string AnswerIdOf(HoldId request) => $"msg_{request}";

    public override IReadOnlyList<KeyValuePair<string, string>> HeadersOf(Headroom headroom, DateTimeOffset now) => AnthropicRateLimitHeaders.Of(headroom, now);

    public override IReadOnlyList<KeyValuePair<string, string>> HeadersOf(DeniedCall denied, DateTimeOffset now) => denied.Error.Kind is ErrorKind.RateLimit or ErrorKind.Billing
        ? [.. base.HeadersOf(denied, now), .. AnthropicRateLimitHeaders.OfWait(denied.RetryAfter, now)]
        : base.HeadersOf(denied, now);
}
