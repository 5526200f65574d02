using System.Text;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Reads the usage of complete answers with images, transcripts, moderations or ranks. They pass as bytes.</summary>
internal static class MediaAnswerReader
{
    private static readonly TokenUsage Nothing = default;

    /// <summary>Null when <paramref name="body"/> is no answer of that kind. Never throws.</summary>
    /// <returns>A usage that is never null: what it does not tell was not told.</returns>
    public static ChatAnswer? TryRead(ReadOnlyMemory<byte> body, WireFormat format, string contentType)
    {
        bool isTranscript = format is WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations;
        if (isTranscript && !contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            // As plain text or subtitles. Pages are what proxies answer with.
            return contentType.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? null : new ChatAnswer(null, null, null, Nothing, null, body.Length);
        }

        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } root })
        {
            return null;
        }

        return format switch
        {
            WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations => OfTranscript(root),
            WireFormat.OpenAiModerations => HasList(root, "results"u8) ? Answer(root, Tokens(root, format)) : null,
            WireFormat.Rerank => HasList(root, "results"u8) || HasList(root, "data"u8)
                ? Answer(root, Tokens(root, format) with { SearchUnits = MediaUsage.SearchUnits(root) }) : null,
            _ => HasList(root, "data"u8) ? Answer(root, Tokens(root, format) with { ImagesMade = root.GetProperty("data"u8).GetArrayLength() }) : null,
        };
    }

    private static ChatAnswer? OfTranscript(JsonElement root)
    {
        if (!root.TryGetProperty("text"u8, out JsonElement text) || text.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        TokenUsage usage = Tokens(root, WireFormat.OpenAiTranscriptions) with { AudioMilliseconds = MediaUsage.Milliseconds(root) };
        return Answer(root, usage) with { OutputBytes = Encoding.UTF8.GetByteCount(text.GetString() ?? "") };
    }

    private static TokenUsage Tokens(JsonElement root, WireFormat format) => MediaUsage.Tokens(JsonLookups.Object(root, "usage"u8), format) ?? Nothing;

    private static bool HasList(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array;

    private static ChatAnswer Answer(JsonElement root, TokenUsage usage) =>
        new(JsonLookups.Text(root, "id"u8), JsonLookups.Text(root, "model"u8), null, usage, null, 0);
}
