using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Writes a complete answer as <c>POST /v1/chat/completions</c> gives it.</summary>
internal static class OpenAiAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, answer.Id ?? frame.FallbackId);
        writer.WriteString("object"u8, "chat.completion"u8);
        writer.WriteNumber("created"u8, frame.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("model"u8, answer.Model ?? frame.FallbackModel);
        writer.WriteStartArray("choices"u8);
        foreach (ChatChoice choice in answer.Choices)
        {
            WriteChoice(writer, choice);
        }

        writer.WriteEndArray();
        if (answer.Usage is { } usage)
        {
            writer.WritePropertyName("usage"u8);
            WriteUsage(writer, usage);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a usage object: OpenAI's totals include what their details divide.</summary>
    public static void WriteUsage(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("prompt_tokens"u8, usage.TotalInput);
        writer.WriteNumber("completion_tokens"u8, usage.TotalOutput);
        writer.WriteNumber("total_tokens"u8, usage.Total);
        writer.WriteStartObject("prompt_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite5m + usage.CacheWrite1h > 0)
        {
            writer.WriteNumber("cache_write_tokens"u8, usage.CacheWrite5m + usage.CacheWrite1h);
        }

        writer.WriteNumber("audio_tokens"u8, usage.AudioInput);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteNumber("audio_tokens"u8, usage.AudioOutput);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatChoice choice)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, choice.Index);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        WriteJoined(writer, "content"u8, [.. choice.Parts.OfType<ChatPart.Text>().Select(part => part.Value)], isNullable: true);
        WriteJoined(writer, "refusal"u8, [.. choice.Parts.OfType<ChatPart.Refusal>().Select(part => part.Value)], isNullable: true);
        WriteThoughts(writer, choice);
        OpenAiMessagesWriter.WriteCalls(writer, choice.Parts, withSignatures: true);
        writer.WriteEndObject();
        writer.WritePropertyName("logprobs"u8);
        if (choice.LogProbs is { } logProbs)
        {
            logProbs.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("finish_reason"u8, StopReasons.ToOpenAi(choice.Stop));
        writer.WriteEndObject();
    }

    /// <summary>Thoughts twice: readable, where clients look for them; and as blocks with their signatures, to be sent back with the next turn.</summary>
    private static void WriteThoughts(Utf8JsonWriter writer, ChatChoice choice)
    {
        ChatPart.Thinking[] thoughts = [.. choice.Parts.OfType<ChatPart.Thinking>()];
        WriteJoined(writer, "reasoning_content"u8, [.. thoughts.Where(part => part.Redacted is null).Select(part => part.Value)], isNullable: false);
        if (!thoughts.Any(part => part.Signature is not null || part.Redacted is not null))
        {
            return;
        }

        writer.WriteStartArray("thinking_blocks"u8);
        foreach (ChatPart.Thinking thought in thoughts)
        {
            ThoughtBlocks.Write(writer, thought);
        }

        writer.WriteEndArray();
    }

    private static void WriteJoined(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string[] texts, bool isNullable)
    {
        if (texts.Length > 0)
        {
            writer.WriteString(name, string.Concat(texts));
        }
        else if (isNullable)
        {
            writer.WriteNull(name);
        }
    }
}
