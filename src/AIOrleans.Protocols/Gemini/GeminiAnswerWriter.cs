using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes a complete answer as <c>:generateContent</c> gives it.</summary>
internal static class GeminiAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        foreach (ChatChoice choice in answer.Choices)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("content"u8);
            writer.WriteStartArray("parts"u8);
            foreach (ChatPart part in choice.Parts)
            {
                WritePart(writer, part);
            }

            writer.WriteEndArray();
            writer.WriteString("role"u8, "model"u8);
            writer.WriteEndObject();
            StopReason stop = choice.Parts.Any(part => part is ChatPart.Refusal) ? StopReason.Refusal : choice.Stop;
            writer.WriteString("finishReason"u8, StopReasons.ToGemini(stop));
            writer.WriteNumber("index"u8, choice.Index);
            GeminiLogProbs.Write(writer, choice.LogProbs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteEnd(writer, answer.Usage, answer.Model ?? frame.FallbackModel, answer.Id ?? frame.FallbackId);
        writer.WriteEndObject();
    }

    /// <summary>Writes what follows the candidates in an answer and in every event of a stream.</summary>
    public static void WriteEnd(Utf8JsonWriter writer, TokenUsage? usage, string model, string id)
    {
        if (usage is { } told)
        {
            writer.WritePropertyName("usageMetadata"u8);
            GeminiUsage.Write(writer, told);
        }

        writer.WriteString("modelVersion"u8, model);
        writer.WriteString("responseId"u8, id);
    }

    /// <summary>Writes a function call as a part; arguments that are no JSON object are shown as they are.</summary>
    public static void WriteCall(Utf8JsonWriter writer, string? id, string? name, string arguments, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteString("id"u8, id);
        writer.WriteString("name"u8, name);
        writer.WritePropertyName("args"u8);
        if (AnthropicBlocksWriter.ArgumentsOf(arguments) is { } json)
        {
            new Json.RawJson(json).WriteCompact(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("invalid_arguments"u8, arguments);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (signature is not null)
        {
            writer.WriteString("thoughtSignature"u8, signature);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes text, or a thought.</summary>
    public static void WriteText(Utf8JsonWriter writer, string text, bool isThought, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        if (isThought)
        {
            writer.WriteBoolean("thought"u8, true);
        }

        if (signature is not null)
        {
            writer.WriteString("thoughtSignature"u8, signature);
        }

        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, ChatPart part)
    {
        switch (part)
        {
            case ChatPart.Text text:
                WriteText(writer, text.Value, isThought: false, null);
                break;
            case ChatPart.Refusal refusal:
                WriteText(writer, refusal.Value, isThought: false, null);
                break;
            case ChatPart.Thinking thought:
                WriteText(writer, thought.Value, isThought: true, ForeignSignature.ForGemini(thought.Signature, thought.Redacted));
                break;
            case ChatPart.ToolCall call:
                WriteCall(writer, call.Id, call.Name, call.Arguments, call.Signature);
                break;
        }
    }
}
