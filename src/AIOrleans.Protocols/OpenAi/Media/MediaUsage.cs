using System.Globalization;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Reads what services of images, audio and documents tell of their usage, and distrusts it.</summary>
internal static class MediaUsage
{
    /// <summary>A year: longer audio is garbage.</summary>
    private const decimal SecondsMax = 366 * 24 * 60 * 60;

    private const decimal SearchesMax = 1_000_000;

    /// <summary>Tokens of a <c>usage</c> object into disjoint classes; null when it tells none.</summary>
    public static TokenUsage? Tokens(JsonElement usage, WireFormat format)
    {
        // Jina and Voyage tell only the total, which is all read.
        long? input = JsonLookups.Tokens(usage, "input_tokens"u8) ?? JsonLookups.Tokens(usage, "prompt_tokens"u8)
            ?? (format == WireFormat.Rerank ? JsonLookups.Tokens(usage, "total_tokens"u8) : null);
        if (input is not { } read)
        {
            return null;
        }

        long written = JsonLookups.Tokens(usage, "output_tokens"u8) ?? JsonLookups.Tokens(usage, "completion_tokens"u8) ?? 0;
        if (read + written == 0)
        {
            return null;
        }

        return format.MakesImages() ? OfImages(usage, read, written)
            : format == WireFormat.OpenAiSpeech ? new TokenUsage { UncachedInput = read, AudioOutput = written }
            : OfText(usage, read, written);
    }

    /// <summary>Length of what was heard; 0 when it is not told.</summary>
    public static long Milliseconds(JsonElement root)
    {
        JsonElement usage = JsonLookups.Object(root, "usage"u8);
        return JsonLookups.Text(usage, "type"u8) == "duration" && Number(usage, "seconds"u8) is { } billed ? ToMilliseconds(billed)
            : Number(root, "duration"u8) is { } played ? ToMilliseconds(played)
            : 0;
    }

    /// <summary>Searches billed; 0 when they are not told.</summary>
    public static long SearchUnits(JsonElement root) =>
        Number(JsonLookups.Object(JsonLookups.Object(root, "meta"u8), "billed_units"u8), "search_units"u8) is { } units and <= SearchesMax ? (long)decimal.Ceiling(units) : 0;

    private static TokenUsage OfImages(JsonElement usage, long read, long written)
    {
        JsonElement inputs = JsonLookups.Object(usage, "input_tokens_details"u8);
        JsonElement outputs = JsonLookups.Object(usage, "output_tokens_details"u8);
        long images = Math.Min(JsonLookups.Tokens(inputs, "image_tokens"u8) ?? 0, read);
        long made = Math.Min(JsonLookups.Tokens(outputs, "image_tokens"u8) ?? written, written);
        return new TokenUsage { UncachedInput = read - images, ImageInput = images, Output = written - made, ImageOutput = made };
    }

    private static TokenUsage OfText(JsonElement usage, long read, long written)
    {
        JsonElement details = JsonLookups.Object(usage, "input_token_details"u8);
        long heard = Math.Min(JsonLookups.Tokens(details, "audio_tokens"u8) ?? 0, read);
        return new TokenUsage { UncachedInput = read - heard, AudioInput = heard, Output = written };
    }

    private static long ToMilliseconds(decimal seconds) => seconds <= SecondsMax ? (long)decimal.Ceiling(seconds * 1_000) : 0;

    /// <summary>A number of 0 or more, or text with one.</summary>
    private static decimal? Number(JsonElement owner, ReadOnlySpan<byte> name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        decimal number = 0;
        bool isNumber = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDecimal(out number),
            JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return isNumber && number >= 0 ? number : null;
    }
}
