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

    public override void WriteErrorEnd(IBufferWriter<byte> output, DeniedCall denied, RelayedStream? relayed)
    {
        if (relayed is null)
        {
            ResponsesDenied.WriteEvent(output, denied);
        }
        else
        {
            ResponsesDenied.WriteEnd(output, denied, relayed.Meter, relayed.Frame);
        }
    }

    public override string AnswerIdOf(HoldId request) => $"resp_{request}";
}
