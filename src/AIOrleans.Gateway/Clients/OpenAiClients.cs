using System.Buffers;
using AIOrleans.Core.Ledger;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Gateway.Clients;

/// <summary>Clients of OpenAI's chat completions, completions, embeddings and lists of models.</summary>
internal sealed class OpenAiClients : ClientProtocol
{
    public override int StatusOf(ErrorKind kind) => OpenAiDenied.StatusOf(kind);

    public override ReadOnlyMemory<byte> ErrorBodyOf(DeniedCall denied) => OpenAiDenied.ToBody(denied);

    public override void WriteErrorEnd(IBufferWriter<byte> output, DeniedCall denied, RelayedStream? relayed) => OpenAiDenied.WriteEvent(output, denied);

    public override string AnswerIdOf(HoldId request) => $"chatcmpl-{request}";
}
