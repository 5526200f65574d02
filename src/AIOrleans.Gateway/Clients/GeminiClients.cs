using System.Buffers;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.Gemini;

namespace AIOrleans.Gateway.Clients;

/// <summary>Clients of Gemini. Google has no headers for limits: they get OpenAI's, which no client of Google's minds.</summary>
internal sealed class GeminiClients : ClientProtocol
{
    public override int StatusOf(ErrorKind kind) => GeminiErrors.StatusOf(kind);

    public override ReadOnlyMemory<byte> ErrorBodyOf(DeniedCall denied) => GeminiErrors.ToBody(denied);

    public override void WriteErrorEnd(IBufferWriter<byte> output, DeniedCall denied, RelayedStream? relayed) => GeminiErrors.WriteEvent(output, denied);
}
