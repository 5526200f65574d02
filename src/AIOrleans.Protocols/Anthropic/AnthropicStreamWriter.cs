using System.Buffers;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes a message stream. Its blocks come one after another; the end waits for usage, because both are in one event.</summary>
/// <remarks>A block begins on the wire with its first content only: what it is (thoughts shown or redacted, with a signature or not) is not known before.</remarks>
internal sealed class AnthropicStreamWriter(AnswerFrame frame) : IStreamWriter
{
    private readonly EventWriter events = new();

    /// <summary>Part that has begun and is not on the wire yet.</summary>
    private ChatEvent.PartBegun? pending;
    private bool isOpen;
    private int blockCount;
    private StopReason stop = StopReason.EndTurn;
    private string? stopSequence;
    private bool hasRefused;
    private TokenUsage usage;

    public void Write(ChatEvent step, IBufferWriter<byte> output)
    {
        switch (step)
        {
            case ChatEvent.Started started:
                usage = started.Usage ?? default;
                WriteStart(output, started);
                break;
            case ChatEvent.PartBegun { Choice: 0 } begun:
                pending = begun;
                hasRefused |= begun.Kind == PartKind.Refusal;
                break;
            case ChatEvent.Grown { Choice: 0 } grown:
                OpenBlock(output, null);
                WriteDelta(output, grown.Kind, grown.Text);
                break;
            case ChatEvent.Signed { Choice: 0 } signed:
                Sign(output, signed);
                break;
            case ChatEvent.PartEnded { Choice: 0 } ended:
                EndPart(output, ended);
                break;
            case ChatEvent.Stopped { Choice: 0 } stopped:
                (stop, stopSequence) = (hasRefused ? StopReason.Refusal : stopped.Reason, stopped.Sequence);
                break;
            case ChatEvent.Metered metered:
                usage = metered.Usage;
                break;
            case ChatEvent.Ping:
                Begin(output, "ping"u8);
                events.End(output);
                break;
            case ChatEvent.Ended:
                WriteEnd(output);
                break;
        }
    }

    private void Sign(IBufferWriter<byte> output, ChatEvent.Signed signed)
    {
        if (signed.Kind == PartKind.ToolCall)
        {
            // A call has no place for it; the client sends thoughts back unchanged, in front of their call.
            if (pending is { } call)
            {
                WriteSignatureBlock(output, ForeignSignature.Mark(signed.Signature));
                pending = call;
            }
        }
        else if (signed.IsRedacted)
        {
            OpenBlock(output, signed.Signature);
        }
        else
        {
            OpenBlock(output, null);
            Utf8JsonWriter json = BeginDelta(output, "signature_delta"u8);
            json.WriteString("signature"u8, signed.Signature);
            EndDelta(json, output);
        }
    }

    private void WriteSignatureBlock(IBufferWriter<byte> output, string signature)
    {
        pending = new ChatEvent.PartBegun(0, 0, PartKind.Thinking);
        OpenBlock(output, null);
        Utf8JsonWriter json = BeginDelta(output, "signature_delta"u8);
        json.WriteString("signature"u8, signature);
        EndDelta(json, output);
        CloseBlock(output);
    }

    private void EndPart(IBufferWriter<byte> output, ChatEvent.PartEnded ended)
    {
        if (ended.Kind == PartKind.ToolCall)
        {
            OpenBlock(output, null);
        }

        // Text and thoughts without a character leave no trace: clients would send the empty block back, and it would be refused.
        pending = null;
        CloseBlock(output);
    }

    private void OpenBlock(IBufferWriter<byte> output, string? redacted)
    {
        if (pending is not { } part)
        {
            return;
        }

        pending = null;
        isOpen = true;
        Utf8JsonWriter json = Begin(output, "content_block_start"u8);
        json.WriteNumber("index"u8, blockCount++);
        json.WriteStartObject("content_block"u8);
        switch (part.Kind)
        {
            case PartKind.ToolCall:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, part.ToolId);
                json.WriteString("name"u8, part.ToolName);
                json.WriteStartObject("input"u8);
                json.WriteEndObject();
                break;
            case PartKind.Thinking when redacted is not null:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, redacted);
                break;
            case PartKind.Thinking:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, ""u8);
                json.WriteString("signature"u8, ""u8);
                break;
            default:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, ""u8);
                break;
        }

        json.WriteEndObject();
        events.End(output);
    }

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (!isOpen)
        {
            return;
        }

        isOpen = false;
        Begin(output, "content_block_stop"u8).WriteNumber("index"u8, blockCount - 1);
        events.End(output);
    }

    private void WriteDelta(IBufferWriter<byte> output, PartKind kind, string text)
    {
        Utf8JsonWriter json = BeginDelta(output, kind switch
        {
            PartKind.ToolCall => "input_json_delta"u8,
            PartKind.Thinking => "thinking_delta"u8,
            _ => "text_delta"u8,
        });
        json.WriteString(kind switch { PartKind.ToolCall => "partial_json"u8, PartKind.Thinking => "thinking"u8, _ => "text"u8 }, text);
        EndDelta(json, output);
    }

    private void WriteStart(IBufferWriter<byte> output, ChatEvent.Started started)
    {
        Utf8JsonWriter json = Begin(output, "message_start"u8);
        json.WriteStartObject("message"u8);
        json.WriteString("id"u8, started.Id ?? frame.FallbackId);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, started.Model ?? frame.FallbackModel);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        json.WriteStartObject("usage"u8);
        AnthropicUsage.Write(json, usage);
        json.WriteEndObject();
        json.WriteEndObject();
        events.End(output);
    }

    private void WriteEnd(IBufferWriter<byte> output)
    {
        CloseBlock(output);
        Utf8JsonWriter json = Begin(output, "message_delta"u8);
        json.WriteStartObject("delta"u8);
        json.WriteString("stop_reason"u8, StopReasons.ToAnthropic(stop));
        json.WriteString("stop_sequence"u8, stopSequence);
        json.WriteEndObject();
        json.WriteStartObject("usage"u8);
        AnthropicUsage.Write(json, usage);
        json.WriteEndObject();
        events.End(output);
        Begin(output, "message_stop"u8);
        events.End(output);
    }

    private Utf8JsonWriter BeginDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        Utf8JsonWriter json = Begin(output, "content_block_delta"u8);
        json.WriteNumber("index"u8, blockCount - 1);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        return json;
    }

    private void EndDelta(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        events.End(output);
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        Utf8JsonWriter json = events.Begin(output, type);
        json.WriteString("type"u8, type);
        return json;
    }
}
