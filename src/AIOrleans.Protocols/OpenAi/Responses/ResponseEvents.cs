using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Writes the single events of a stream of responses, and counts them.</summary>
internal sealed class ResponseEvents
{
    private readonly EventWriter events = new();

    /// <summary>The number of the next event.</summary>
    public long NextSequence { get; private set; }

    public void Response(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseFrame response, ResponseEnding now, IReadOnlyList<ResponseItem> shown, int cutFrom)
    {
        Utf8JsonWriter json = Begin(output, type);
        json.WritePropertyName("response"u8);
        response.Write(json, now, shown, cutFrom);
        events.End(output);
    }

    public void Item(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem item, string status)
    {
        Utf8JsonWriter json = Begin(output, type);
        json.WriteNumber("output_index"u8, item.Index);
        json.WritePropertyName("item"u8);
        item.Write(json, status);
        events.End(output);
    }

    /// <summary>Writes the last part of a message whole.</summary>
    public void Part(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem message)
    {
        Utf8JsonWriter json = BeginOfPart(output, type, message);
        json.WritePropertyName("part"u8);
        message.LastPart.Write(json);
        events.End(output);
    }

    /// <summary>Writes what thoughts say whole.</summary>
    public void SummaryPart(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem thought)
    {
        Utf8JsonWriter json = BeginOfItem(output, type, thought);
        json.WritePropertyName("part"u8);
        thought.WriteSummaryPart(json);
        events.End(output);
    }

    /// <summary>Writes more of thoughts or of a call's arguments.</summary>
    public void Delta(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem item, string text)
    {
        BeginOfItem(output, type, item).WriteString("delta"u8, text);
        events.End(output);
    }

    /// <summary>Writes more of a message's last part.</summary>
    public void PartDelta(IBufferWriter<byte> output, ResponseItem message, ChatEvent.Grown grown)
    {
        bool isRefusal = message.LastPart.Kind == PartKind.Refusal;
        Utf8JsonWriter json = BeginOfPart(output, isRefusal ? "response.refusal.delta"u8 : "response.output_text.delta"u8, message);
        json.WriteString("delta"u8, grown.Text);
        if (!isRefusal)
        {
            json.WriteStartArray("logprobs"u8);
            if (grown.LogProbs is { } told)
            {
                ResponsePart.WriteTokens(json, told);
            }

            json.WriteEndArray();
        }

        events.End(output);
    }

    /// <summary>Writes that what grew in an item is complete, and all of it once more.</summary>
    public void TextDone(IBufferWriter<byte> output, ResponseItem item)
    {
        switch (item.Kind)
        {
            case PartKind.ToolCall:
                Utf8JsonWriter call = BeginOfItem(output, "response.function_call_arguments.done"u8, item);
                call.WriteString("arguments"u8, item.Text.ToString());
                call.WriteString("name"u8, item.Name);
                events.End(output);
                break;
            case PartKind.Thinking when item.Text.Length > 0:
                BeginOfItem(output, "response.reasoning_summary_text.done"u8, item).WriteString("text"u8, item.Text.ToString());
                events.End(output);
                SummaryPart(output, "response.reasoning_summary_part.done"u8, item);
                break;
            case PartKind.Text:
                PartTextDone(output, item);
                Part(output, "response.content_part.done"u8, item);
                break;
        }
    }

    private void PartTextDone(IBufferWriter<byte> output, ResponseItem message)
    {
        ResponsePart part = message.LastPart;
        if (part.Kind == PartKind.Refusal)
        {
            BeginOfPart(output, "response.refusal.done"u8, message).WriteString("refusal"u8, part.Text.ToString());
        }
        else
        {
            Utf8JsonWriter json = BeginOfPart(output, "response.output_text.done"u8, message);
            json.WriteString("text"u8, part.Text.ToString());
            part.WriteLogProbs(json);
        }

        events.End(output);
    }

    private Utf8JsonWriter BeginOfPart(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem message)
    {
        Utf8JsonWriter json = BeginOfItem(output, type, message);
        json.WriteNumber("content_index"u8, message.PartCount - 1);
        return json;
    }

    private Utf8JsonWriter BeginOfItem(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ResponseItem item)
    {
        Utf8JsonWriter json = Begin(output, type);
        json.WriteString("item_id"u8, item.Id);
        json.WriteNumber("output_index"u8, item.Index);
        if (item.Kind == PartKind.Thinking)
        {
            // Thoughts are one part of a summary here.
            json.WriteNumber("summary_index"u8, 0);
        }

        return json;
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        Utf8JsonWriter json = events.Begin(output, type);
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, NextSequence++);
        return json;
    }
}
