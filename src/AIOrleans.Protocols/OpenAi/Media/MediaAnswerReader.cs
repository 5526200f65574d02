using System.Text;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Reads the usage of complete answers with images, transcripts, moderations or ranks. They pass as bytes.</summary>
internal static class MediaAnswerReader
{
    private static readonly TokenUsage Nothing = default;

    /// <summary>Null when <paramref name="body"/> is no answer of that kind. Never throws.</summary>
    /// <returns>A usage that is never null: what it does not tell was not told.</returns>
    public static ChatAnswer? TryRead(ReadOnlyMemory<byte> body, WireFormat format, TokenFamily family, string contentType)
    {
        bool isTranscript = format is WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations;
        if (isTranscript && !contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            // As plain text or subtitles. Pages are what proxies answer with.
            return contentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? null : WithText(new ChatAnswer(null, null, null, Nothing, null, 0, 0), Encoding.UTF8.GetString(body.Span), family);
        }

        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } root })
        {
            return null;
        }

        return format switch
        {
            WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations => OfTranscript(root, family),
            WireFormat.OpenAiModerations => HasList(root, "results"u8) ? Answer(root, Tokens(root, format)) : null,
            WireFormat.Rerank => HasList(root, "results"u8) || HasList(root, "data"u8)
                ? Answer(root, Tokens(root, format) with { SearchUnits = MediaUsage.SearchUnits(root) }) : null,
            _ => HasList(root, "data"u8) ? Answer(root, Tokens(root, format) with { ImagesMade = root.GetProperty("data"u8).GetArrayLength() }) : null,
        };
    }

    private static ChatAnswer? OfTranscript(JsonElement root, TokenFamily family)
    {
        if (!root.TryGetProperty("text"u8, out JsonElement text) || text.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        TokenUsage usage = Tokens(root, WireFormat.OpenAiTranscriptions) with { AudioMilliseconds = MediaUsage.Milliseconds(root) };
        return WithText(Answer(root, usage), text.GetString() ?? "", family);
    }

    private static ChatAnswer WithText(ChatAnswer answer, string text, TokenFamily family)
    {
        TextTally written = new(family);
        written.Add(text);
        return answer with { OutputBytes = written.Bytes, OutputTokens = written.Tokens };
    }

    private static TokenUsage Tokens(JsonElement root, WireFormat format) => MediaUsage.Tokens(JsonLookups.Object(root, "usage"u8), format) ?? Nothing;

    private static bool HasList(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array;

    private static ChatAnswer Answer(JsonElement root, TokenUsage usage) =>
        new(JsonLookups.Text(root, "id"u8), JsonLookups.Text(root, "model"u8), null, usage, null, 0, 0);
}
