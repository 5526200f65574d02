using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads content blocks: of messages, of tool results, of <c>system</c>, and of answers.</summary>
internal static class AnthropicBlocksReader
{
    /// <summary>Reads the value of <c>content</c>: a string, or an array of blocks.</summary>
    public static ImmutableArray<ChatPart> Read(JsonElement value, string parent, RequestReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? [new ChatPart.Text(text) { Path = $"{parent}.content" }] : [];
            case JsonValueKind.Array:
                return ReadBlocks(value, $"{parent}.content", reading);
            case JsonValueKind.Null:
                return [];
            default:
                reading.WrongType(value, parent, "content", "a string or an array of blocks");
                return [];
        }
    }

    /// <summary>Reads <c>system</c> as one leading system message; none when it is empty.</summary>
    public static ImmutableArray<ChatMessage> ReadSystem(JsonElement value, RequestReading reading)
    {
        ImmutableArray<ChatPart> parts = [];
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                parts = value.GetString() is { Length: > 0 } text ? [new ChatPart.Text(text) { Path = "system" }] : [];
                break;
            case JsonValueKind.Array:
                parts = ReadBlocks(value, "system", reading);
                break;
            case JsonValueKind.Null:
                break;
            default:
                reading.WrongType(value, "", "system", "a string or an array of blocks");
                break;
        }

        return parts.IsEmpty ? [] : [new ChatMessage(ChatRole.System, parts, "system")];
    }

    public static ImmutableArray<ChatPart> ReadBlocks(JsonElement value, string array, RequestReading reading)
    {
        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>(value.GetArrayLength());
        foreach (JsonElement block in value.EnumerateArray())
        {
            string path = RequestReading.At(array, parts.Count);
            if (block.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(block, path, "", "an object");
                return [];
            }

            CacheMark cache = block.TryGetProperty("cache_control"u8, out JsonElement mark) ? CacheMarks.Read(mark, path, reading) : CacheMark.None;
            parts.Add(ReadBlock(block, path, reading) with { Path = path, Cache = cache });
        }

        return parts.MoveToImmutable();
    }

    private static ChatPart ReadBlock(JsonElement block, string path, RequestReading reading)
    {
        string type = reading.NeededText(block, path, "type");
        switch (type)
        {
            case "text":
                KeepOthers(block, path, reading, "text");
                return new ChatPart.Text(reading.NeededText(block, path, "text"));
            case "thinking" or "redacted_thinking":
                return ThoughtBlocks.Read(block, path, reading);
            case "tool_use":
                KeepOthers(block, path, reading, "id", "name", "input", "caller");
                return new ChatPart.ToolCall(
                    reading.NeededText(block, path, "id"), reading.NeededText(block, path, "name"), ReadInput(block, path, reading));
            case "tool_result":
                return ReadResult(block, path, reading);
            case "image":
                KeepOthers(block, path, reading, "source");
                return ReadSource(block, path, reading) is { } image ? new ChatPart.Image(image) : new ChatPart.Unknown(type, reading.Raw(block));
            case "document":
                KeepOthers(block, path, reading, "source", "title");
                string? title = block.TryGetProperty("title"u8, out JsonElement given) ? reading.Text(given, path, "title") : null;
                return ReadSource(block, path, reading) is { } file ? new ChatPart.Document(file, title) : new ChatPart.Unknown(type, reading.Raw(block));
            default:
                return new ChatPart.Unknown(type, reading.Raw(block));
        }
    }

    private static string ReadInput(JsonElement block, string path, RequestReading reading) =>
        block.TryGetProperty("input"u8, out JsonElement input) && reading.IsObject(input, path, "input") ? reading.Raw(input).ToCompact() : "{}";

    private static ChatPart.ToolResult ReadResult(JsonElement block, string path, RequestReading reading)
    {
        KeepOthers(block, path, reading, "tool_use_id", "content", "is_error");
        ImmutableArray<ChatPart> parts = block.TryGetProperty("content"u8, out JsonElement content) ? Read(content, path, reading) : [];
        bool isError = block.TryGetProperty("is_error"u8, out JsonElement failed) && (reading.Flag(failed, path, "is_error") ?? false);
        return new ChatPart.ToolResult(reading.NeededText(block, path, "tool_use_id"), null, parts, isError);
    }

    /// <summary>Where the bytes are; null for a source that only Anthropic has.</summary>
    private static MediaSource? ReadSource(JsonElement block, string path, RequestReading reading)
    {
        string own = $"{path}.source";
        if (!block.TryGetProperty("source"u8, out JsonElement source) || !reading.IsObject(source, path, "source"))
        {
            reading.Fail(RequestMistake.Missing(own));
            return null;
        }

        switch (reading.NeededText(source, own, "type"))
        {
            case "base64" when source.TryGetProperty("data"u8, out JsonElement payload):
                return new MediaSource.Inline(
                    MediaTypes.Check(reading.NeededText(source, own, "media_type"), $"{own}.media_type", reading), reading.Payload(payload, own, "data"));
            case "base64":
                reading.Fail(RequestMistake.Missing($"{own}.data"));
                return null;
            case "url":
                return new MediaSource.Url(reading.NeededText(source, own, "url"));
            case "file":
                return new MediaSource.Uploaded(reading.NeededText(source, own, "file_id"));
            case "text":
                return new MediaSource.Inline("text/plain", ToBase64(reading.NeededText(source, own, "data")));
            default:
                return null;
        }
    }

    private static byte[] ToBase64(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] encoded = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, encoded, out _, out _);
        return encoded;
    }

    private static void KeepOthers(JsonElement block, string path, RequestReading reading, params ReadOnlySpan<string> known) =>
        reading.KeepOthers(block, path, known, ["type", "cache_control"]);
}
