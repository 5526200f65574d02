using System.Buffers;
using AIOrleans.Core.Ledger;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.OpenAi.Responses;

namespace AIOrleans.Gateway.Clients;

/// <summary>Clients of OpenAI's Responses API: errors are OpenAI's, but a stream ends with an event of its own.</summary>
internal sealed class ResponsesClients : ClientProtocol
{
    public override int StatusOf(ErrorKind kind) => OpenAiDenied.StatusOf(kind);

    public override ReadOnlyMemory<byte> ErrorBodyOf(DeniedCall denied) => OpenAiDenied.ToBody(denied);

    public override void WriteErrorEvent(IBufferWriter<byte> output, DeniedCall denied) => ResponsesDenied.WriteEvent(output, denied);

    public override string AnswerIdOf(HoldId request) => $"resp_{request}";
}
