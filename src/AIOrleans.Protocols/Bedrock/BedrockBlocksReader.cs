using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Reads the content blocks of an answer.</summary>
internal static class BedrockBlocksReader
{
    public static ImmutableArray<ChatPart> Read(JsonElement content, RequestReading reading)
    {
        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>(content.GetArrayLength());
        foreach (JsonElement block in content.EnumerateArray())
        {
            if (block.ValueKind == JsonValueKind.Object && ReadBlock(block, reading) is { } part)
            {
                parts.Add(part);
            }
        }

        return parts.ToImmutable();
    }

    /// <summary>A block has one member, and that says what it is; null for an empty one.</summary>
    private static ChatPart? ReadBlock(JsonElement block, RequestReading reading)
    {
        foreach (JsonProperty member in block.EnumerateObject())
        {
            JsonElement value = member.Value;
            switch (member.Name)
            {
                case "text" when value.ValueKind == JsonValueKind.String:
                    return new ChatPart.Text(value.GetString() ?? "");
                case "toolUse" when value.ValueKind == JsonValueKind.Object:
                    return new ChatPart.ToolCall(
                        JsonLookups.Text(value, "toolUseId"u8) ?? "", JsonLookups.Text(value, "name"u8) ?? "", InputOf(value, reading));
                case "reasoningContent" when value.ValueKind == JsonValueKind.Object:
                    return ReadThought(value);
                case "citationsContent" when value.ValueKind == JsonValueKind.Object:
                    return new ChatPart.Text(CitedTextOf(value));
                default:
                    return new ChatPart.Unknown(member.Name, reading.Raw(block));
            }
        }

        return null;
    }

    private static string InputOf(JsonElement call, RequestReading reading) =>
        JsonLookups.Object(call, "input"u8) is { ValueKind: JsonValueKind.Object } input ? reading.Raw(input).ToCompact() : "{}";

    private static ChatPart.Thinking ReadThought(JsonElement value)
    {
        if (JsonLookups.Text(value, "redactedContent"u8) is { } payload)
        {
            return new ChatPart.Thinking("", null, ForeignSignature.MarkBedrock(payload));
        }

        JsonElement thought = JsonLookups.Object(value, "reasoningText"u8);
        return new ChatPart.Thinking(JsonLookups.Text(thought, "text"u8) ?? "", JsonLookups.Text(thought, "signature"u8));
    }

    /// <summary>The text; where it was found has no place in the other protocols.</summary>
    private static string CitedTextOf(JsonElement value) =>
        value.TryGetProperty("content"u8, out JsonElement content) && content.ValueKind == JsonValueKind.Array
            ? string.Concat(content.EnumerateArray().Select(piece => JsonLookups.Text(piece, "text"u8)))
            : "";
}
