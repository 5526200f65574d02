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

    /// <summary>Writes the event <c>error</c> where nobody counted the events before; no <c>response.completed</c> may follow.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, DeniedCall denied) => WriteError(new EventWriter(), output, denied, SequenceNumber);

    /// <summary>Writes <c>error</c> and, where a response has begun, <c>response.failed</c>, which agents wait for. Nothing may follow.</summary>
    /// <param name="meter">What watched the stream: whose response it is, and how its events are counted.</param>
    public static void WriteEnd(IBufferWriter<byte> output, DeniedCall denied, IStreamMeter meter, AnswerFrame frame)
    {
        EventWriter events = new();
        WriteError(events, output, denied, meter.NextSequence);
        if (meter.NextSequence == 0)
        {
            return;
        }

        Utf8JsonWriter writer = events.Begin(output, "response.failed"u8);
        writer.WriteString("type"u8, "response.failed"u8);
        writer.WriteNumber("sequence_number"u8, meter.NextSequence + 1);
        writer.WritePropertyName("response"u8);
        ResponseFrame response = new(frame) { Usage = meter.Usage, Service = meter.Service };
        response.Id = meter.Id ?? response.Id;
        response.Model = meter.Model ?? response.Model;
        OpenAiError error = new(denied.Error.Message, OpenAiDenied.TypeOf(denied), denied.Error.Param, denied.Error.Code);
        response.Write(writer, new ResponseEnding("failed", null, error), [], cutFrom: 0);
        events.End(output);
    }

    /// <summary>The documented members stand at the top; the SDKs raise what they find in <c>error</c>.</summary>
    private static void WriteError(EventWriter events, IBufferWriter<byte> output, DeniedCall denied, long sequenceNumber)
    {
        Utf8JsonWriter writer = events.Begin(output, "error"u8);
        writer.WriteString("type"u8, "error"u8);
        writer.WriteString("code"u8, denied.Error.Code);
        writer.WriteString("message"u8, denied.Error.Message);
        writer.WriteString("param"u8, denied.Error.Param);
        writer.WriteNumber("sequence_number"u8, sequenceNumber);
        writer.WriteString("request_id"u8, denied.RequestId);
        OpenAiDenied.WriteMembers(writer, denied);
        events.End(output);
    }
}
