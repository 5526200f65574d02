using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Writes a complete answer as <c>POST /v1/completions</c> gives it: text only, thoughts have no place.</summary>
internal static class CompletionsAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, answer.Id ?? frame.FallbackId);
        writer.WriteString("object"u8, "text_completion"u8);
        writer.WriteNumber("created"u8, frame.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("model"u8, answer.Model ?? frame.FallbackModel);
        writer.WriteStartArray("choices"u8);
        foreach (ChatChoice choice in answer.Choices)
        {
            WriteChoice(writer, choice.Index, string.Concat(choice.Parts.Select(TextOf)), StopReasons.ToOpenAi(choice.Stop));
        }

        writer.WriteEndArray();
        if (answer.Usage is { } usage)
        {
            writer.WritePropertyName("usage"u8);
            OpenAiAnswerWriter.WriteUsage(writer, usage);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a choice of an answer or of a chunk.</summary>
    /// <param name="stop">Null while it goes on.</param>
    public static void WriteChoice(Utf8JsonWriter writer, int index, string text, string? stop)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteNumber("index"u8, index);
        writer.WriteNull("logprobs"u8);
        writer.WriteString("finish_reason"u8, stop);
        writer.WriteEndObject();
    }

    private static string TextOf(ChatPart part) => part switch
    {
        ChatPart.Text text => text.Value,
        ChatPart.Refusal refusal => refusal.Value,
        _ => "",
    };
}
