using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads the <c>content</c> of a message: a string, or an array of typed parts.</summary>
internal static class OpenAiPartsReader
{
    public static ImmutableArray<ChatPart> Read(JsonElement value, string parent, RequestReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return [];
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? [new ChatPart.Text(text) { Path = $"{parent}.content" }] : [];
            case JsonValueKind.Array:
                return ReadParts(value, $"{parent}.content", reading);
            default:
                reading.WrongType(value, parent, "content", "a string or an array of objects");
                return [];
        }
    }

    /// <summary>Reads <c>thinking_blocks</c>, which have Anthropic's form.</summary>
    public static ImmutableArray<ChatPart> ReadThoughts(JsonElement value, string parent, RequestReading reading)
    {
        if (!reading.IsArray(value, parent, "thinking_blocks"))
        {
            return [];
        }

        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At($"{parent}.thinking_blocks", parts.Count);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                break;
            }

            parts.Add(ThoughtBlocks.Read(item, path, reading));
        }

        return parts.ToImmutable();
    }

    private static ImmutableArray<ChatPart> ReadParts(JsonElement value, string array, RequestReading reading)
    {
        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At(array, parts.Count);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            ChatPart part = ReadPart(item, path, reading);
            parts.Add(part with { Path = path });
        }

        return parts.MoveToImmutable();
    }

    private static ChatPart ReadPart(JsonElement item, string path, RequestReading reading)
    {
        string type = reading.NeededText(item, path, "type");
        if (type is "image_url" or "input_audio" or "file" or "text" or "refusal")
        {
            reading.KeepOthers(item, path, "type", type, "cache_control");
        }

        CacheMark cache = item.TryGetProperty("cache_control"u8, out JsonElement mark) ? CacheMarks.Read(mark, path, reading) : CacheMark.None;
        ChatPart part = type switch
        {
            "text" => new ChatPart.Text(reading.NeededText(item, path, "text")),
            "refusal" => new ChatPart.Refusal(reading.NeededText(item, path, "refusal")),
            "image_url" => ReadImage(item, path, reading),
            "input_audio" => ReadAudio(item, path, reading),
            "file" => ReadFile(item, path, reading),
            _ => new ChatPart.Unknown(type, reading.Raw(item)),
        };
        return part with { Cache = cache };
    }

    private static ChatPart ReadImage(JsonElement item, string path, RequestReading reading)
    {
        if (!TryGetObject(item, path, "image_url", reading, out JsonElement image) || !TryGet(image, $"{path}.image_url", "url", reading, out JsonElement url))
        {
            return new ChatPart.Text("");
        }

        reading.KeepOthers(image, $"{path}.image_url", "url", "detail");
        string? detail = image.TryGetProperty("detail"u8, out JsonElement word) ? reading.Text(word, $"{path}.image_url", "detail") : null;
        return new ChatPart.Image(reading.Media(url, $"{path}.image_url", "url"), detail);
    }

    private static ChatPart ReadAudio(JsonElement item, string path, RequestReading reading)
    {
        if (!TryGetObject(item, path, "input_audio", reading, out JsonElement audio) || !TryGet(audio, $"{path}.input_audio", "data", reading, out JsonElement bytes))
        {
            return new ChatPart.Text("");
        }

        string format = reading.NeededText(audio, $"{path}.input_audio", "format");
        return new ChatPart.Audio(new MediaSource.Inline(MediaTypes.Check($"audio/{format}", $"{path}.input_audio.format", reading), reading.Payload(bytes, $"{path}.input_audio", "data")));
    }

    private static ChatPart ReadFile(JsonElement item, string path, RequestReading reading)
    {
        if (!TryGetObject(item, path, "file", reading, out JsonElement file))
        {
            return new ChatPart.Text("");
        }

        string own = $"{path}.file";
        reading.KeepOthers(file, own, "filename", "file_id", "file_data");
        string? name = file.TryGetProperty("filename"u8, out JsonElement given) ? reading.Text(given, own, "filename") : null;
        if (file.TryGetProperty("file_id"u8, out JsonElement id) && id.ValueKind != JsonValueKind.Null)
        {
            return new ChatPart.Document(new MediaSource.Uploaded(reading.Text(id, own, "file_id") ?? ""), name);
        }

        return TryGet(file, own, "file_data", reading, out JsonElement bytes)
            ? new ChatPart.Document(reading.Media(bytes, own, "file_data"), name)
            : new ChatPart.Text("");
    }

    private static bool TryGetObject(JsonElement owner, string path, string name, RequestReading reading, out JsonElement value) =>
        TryGet(owner, path, name, reading, out value) && reading.IsObject(value, path, name);

    private static bool TryGet(JsonElement owner, string path, string name, RequestReading reading, out JsonElement value)
    {
        bool found = owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
        if (!found)
        {
            reading.Fail(RequestMistake.Missing($"{path}.{name}"));
        }

        return found;
    }
}
