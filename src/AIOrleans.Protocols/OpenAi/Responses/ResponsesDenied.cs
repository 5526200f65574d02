using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Tells clients of the Responses API why their running stream ends; before it began, <see cref="OpenAiDenied"/> does.</summary>
public static class ResponsesDenied
{
    /// <summary>Above every number that a stream reaches, so that the numbers of its events still grow.</summary>
    private const long SequenceNumber = int.MaxValue;

    /// <summary>Writes the event <c>error</c>; no <c>response.completed</c> may follow.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, DeniedCall denied)
    {
        EventWriter events = new();
        Utf8JsonWriter writer = events.Begin(output, "error"u8);
        writer.WriteString("type"u8, "error"u8);
        writer.WriteString("code"u8, denied.Error.Code);
        writer.WriteString("message"u8, denied.Error.Message);
        writer.WriteString("param"u8, denied.Error.Param);
        writer.WriteNumber("sequence_number"u8, SequenceNumber);
        writer.WriteString("request_id"u8, denied.RequestId);
        events.End(output);
    }
}
