using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads the body of a complete response.</summary>
internal static class ResponsesAnswerReader
{
    /// <summary>Null when <paramref name="body"/> is no response, or one that failed. Never throws.</summary>
    public static ChatAnswer? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        JsonElement root = document?.RootElement ?? default;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("output"u8, out JsonElement output) || output.ValueKind != JsonValueKind.Array
            || JsonLookups.Object(root, "error"u8).ValueKind == JsonValueKind.Object)
        {
            return null;
        }

        return new ChatAnswer(
            JsonLookups.Text(root, "id"u8),
            JsonLookups.Text(root, "model"u8),
            FinishOf(root),
            ResponsesUsage.Read(JsonLookups.Object(root, "usage"u8)),
            ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
            output.EnumerateArray().Sum(BytesOf));
    }

    /// <summary>Why it ended: the reason where it is incomplete, else its status.</summary>
    public static string? FinishOf(JsonElement response) =>
        JsonLookups.Text(JsonLookups.Object(response, "incomplete_details"u8), "reason"u8) ?? JsonLookups.Text(response, "status"u8);

    /// <summary>Bytes of what the model wrote in one item: its texts, arguments and summaries.</summary>
    private static long BytesOf(JsonElement item)
    {
        long bytes = StringOf(item, "arguments"u8) + StringOf(item, "name"u8) + StringOf(item, "input"u8);
        return bytes + TextsOf(item, "content"u8) + TextsOf(item, "summary"u8);
    }

    private static long TextsOf(JsonElement item, ReadOnlySpan<byte> name)
    {
        long bytes = 0;
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement parts) && parts.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement part in parts.EnumerateArray())
            {
                bytes += StringOf(part, "text"u8) + StringOf(part, "refusal"u8);
            }
        }

        return bytes;
    }

    private static long StringOf(JsonElement owner, ReadOnlySpan<byte> name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out JsonElement text) || text.ValueKind != JsonValueKind.String)
        {
            return 0;
        }

        Utf8JsonReader reader = new(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        return JsonKinds.TextBytesOf(ref reader);
    }
}
