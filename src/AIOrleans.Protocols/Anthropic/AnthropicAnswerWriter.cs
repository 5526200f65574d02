using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes a complete answer as <c>POST /v1/messages</c> gives it. Its clients cannot ask for several, so there is one choice.</summary>
internal static class AnthropicAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        ChatChoice choice = answer.Choices[0];
        writer.WriteStartObject();
        writer.WriteString("id"u8, answer.Id ?? frame.FallbackId);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, answer.Model ?? frame.FallbackModel);
        writer.WriteStartArray("content"u8);
        foreach (ChatPart part in choice.Parts)
        {
            WriteBlock(writer, part);
        }

        writer.WriteEndArray();
        writer.WriteString("stop_reason"u8, StopReasons.ToAnthropic(choice.Parts.Any(part => part is ChatPart.Refusal) ? StopReason.Refusal : choice.Stop));
        writer.WriteString("stop_sequence"u8, choice.StopSequence);
        writer.WriteStartObject("usage"u8);
        TokenUsage usage = answer.Usage ?? default;
        AnthropicUsage.Write(writer, usage);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Parts of unknown kinds come from tools of the provider's own, which no client of another protocol can have asked for: they are left out.</summary>
    private static void WriteBlock(Utf8JsonWriter writer, ChatPart part)
    {
        switch (part)
        {
            case ChatPart.Text { Value.Length: > 0 } text:
                WriteText(writer, text.Value);
                break;
            case ChatPart.Refusal refusal:
                WriteText(writer, refusal.Value);
                break;
            case ChatPart.Thinking thought:
                ThoughtBlocks.Write(writer, thought);
                break;
            case ChatPart.ToolCall call:
                if (call.Signature is { } signature)
                {
                    // A call has no place for it; the client sends thoughts back unchanged, in front of their call.
                    ThoughtBlocks.Write(writer, new ChatPart.Thinking("", ForeignSignature.Mark(signature)));
                }

                WriteCall(writer, call);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ChatPart.ToolCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_use"u8);
        writer.WriteString("id"u8, call.Id);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("input"u8);

        // A model that wrote broken arguments is shown as it is: the client sees what it has to refuse.
        byte[]? arguments = AnthropicBlocksWriter.ArgumentsOf(call.Arguments);
        if (arguments is null)
        {
            writer.WriteStartObject();
            writer.WriteString("invalid_arguments"u8, call.Arguments);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteRawValue(arguments, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
