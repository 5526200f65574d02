using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Reads and writes <c>thinking</c> and <c>redacted_thinking</c> blocks: Anthropic's, and what OpenAI-compatible gateways call <c>thinking_blocks</c>.</summary>
internal static class ThoughtBlocks
{
    public static ChatPart.Thinking Read(JsonElement block, string path, RequestReading reading)
    {
        string type = reading.NeededText(block, path, "type");
        if (type == "redacted_thinking")
        {
            return new ChatPart.Thinking("", null, reading.NeededText(block, path, "data")) { Path = path };
        }

        string? signature = block.TryGetProperty("signature"u8, out JsonElement given) ? reading.Text(given, path, "signature") : null;
        return new ChatPart.Thinking(reading.NeededText(block, path, "thinking"), signature) { Path = path };
    }

    public static void Write(Utf8JsonWriter writer, ChatPart.Thinking part)
    {
        writer.WriteStartObject();
        if (part.Redacted is { } payload)
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, payload);
        }
        else
        {
            writer.WriteString("type"u8, "thinking"u8);
            writer.WriteString("thinking"u8, part.Value);
            writer.WriteString("signature"u8, part.Signature ?? "");
        }

        writer.WriteEndObject();
    }
}
