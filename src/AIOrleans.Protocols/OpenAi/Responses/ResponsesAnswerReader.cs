using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads the body of a complete response.</summary>
internal static class ResponsesAnswerReader
{
    /// <summary>Null when <paramref name="body"/> is no response, or one that failed. Never throws.</summary>
    public static ChatAnswer? TryRead(ReadOnlyMemory<byte> body, TokenFamily family)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        JsonElement root = document?.RootElement ?? default;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("output"u8, out JsonElement output) || output.ValueKind != JsonValueKind.Array
            || JsonLookups.Object(root, "error"u8).ValueKind == JsonValueKind.Object)
        {
            return null;
        }

        TokenUsage? usage = ResponsesUsage.Read(JsonLookups.Object(root, "usage"u8));
        TextTally written = new(family, bytesOnly: usage is not null);
        foreach (JsonElement item in output.EnumerateArray())
        {
            AddItem(item, ref written);
        }

        return new ChatAnswer(
            JsonLookups.Text(root, "id"u8),
            JsonLookups.Text(root, "model"u8),
            FinishOf(root),
            usage,
            ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
            written.Bytes,
            written.Tokens);
    }

    /// <summary>Why it ended: the reason where it is incomplete, else its status.</summary>
    public static string? FinishOf(JsonElement response) =>
        JsonLookups.Text(JsonLookups.Object(response, "incomplete_details"u8), "reason"u8) ?? JsonLookups.Text(response, "status"u8);

    /// <summary>Adds what the model wrote in one item: its texts, arguments and summaries.</summary>
    private static void AddItem(JsonElement item, ref TextTally written)
    {
        AddString(item, "name"u8, ref written);
        AddString(item, "arguments"u8, ref written);
        AddString(item, "input"u8, ref written);
        AddTexts(item, "content"u8, ref written);
        AddTexts(item, "summary"u8, ref written);
    }

    private static void AddTexts(JsonElement item, ReadOnlySpan<byte> name, ref TextTally written)
    {
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement parts) && parts.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement part in parts.EnumerateArray())
            {
                AddString(part, "text"u8, ref written);
                AddString(part, "refusal"u8, ref written);
            }
        }
    }

    private static void AddString(JsonElement owner, ReadOnlySpan<byte> name, ref TextTally written)
    {
        if (owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement text))
        {
            written.Add(text);
        }
    }
}
