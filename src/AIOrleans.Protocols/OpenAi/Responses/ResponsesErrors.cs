using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Ends a running stream of responses with an error, where no status can be sent any more.</summary>
public static class ResponsesErrors
{
    /// <summary>
    /// Writes <c>error</c>, in which the SDKs find an <c>error</c> object to raise and others the members that are documented; and, where a response has begun,
    /// <c>response.failed</c>, which agents wait for. Nothing may follow.
    /// </summary>
    /// <param name="meter">What watched the stream: whose response it is, and how its events are counted.</param>
    public static void WriteEnd(IBufferWriter<byte> output, OpenAiError error, IStreamMeter meter, AnswerFrame frame)
    {
        EventWriter events = new();
        Utf8JsonWriter json = events.Begin(output, "error"u8);
        json.WriteString("type"u8, "error"u8);
        json.WriteNumber("sequence_number"u8, meter.NextSequence);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteString("param"u8, error.Param);
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        events.End(output);
        if (meter.NextSequence == 0)
        {
            return;
        }

        json = events.Begin(output, "response.failed"u8);
        json.WriteString("type"u8, "response.failed"u8);
        json.WriteNumber("sequence_number"u8, meter.NextSequence + 1);
        json.WritePropertyName("response"u8);
        ResponseFrame response = new(frame) { Usage = meter.Usage, Service = meter.Service };
        response.Id = meter.Id ?? response.Id;
        response.Model = meter.Model ?? response.Model;
        response.Write(json, new ResponseEnding("failed", null, error), [], cutFrom: 0);
        events.End(output);
    }
}
