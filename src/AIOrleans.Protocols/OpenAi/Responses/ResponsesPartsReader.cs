using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads the content of a message, or what a function returned: a text, or an array of typed parts.</summary>
internal static class ResponsesPartsReader
{
    public static ImmutableArray<ChatPart> Read(JsonElement value, string parent, string name, RequestReading reading)
    {
        string own = RequestReading.Join(parent, name);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? [new ChatPart.Text(text) { Path = own }] : [];
            case JsonValueKind.Array:
                return ReadParts(value, own, reading);
            default:
                reading.WrongType(value, parent, name, "a string or an array of objects");
                return [];
        }
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

            parts.Add(ReadPart(item, path, reading) with { Path = path });
        }

        return parts.MoveToImmutable();
    }

    private static ChatPart ReadPart(JsonElement item, string path, RequestReading reading)
    {
        string type = reading.NeededText(item, path, "type");
        switch (type)
        {
            case "input_text" or "output_text" or "text":
                // Annotations and probabilities only tell about the text; clients send them back with an answer.
                reading.KeepOthers(item, path, "type", "text", "annotations", "logprobs");
                return new ChatPart.Text(reading.NeededText(item, path, "text"));
            case "refusal":
                reading.KeepOthers(item, path, "type", "refusal");
                return new ChatPart.Refusal(reading.NeededText(item, path, "refusal"));
            case "input_image":
                return ReadImage(item, path, reading);
            case "input_file":
                return ReadFile(item, path, reading);
            case "input_audio":
                return ReadAudio(item, path, reading);
            default:
                return new ChatPart.Unknown(type, reading.Raw(item));
        }
    }

    private static ChatPart ReadImage(JsonElement item, string path, RequestReading reading)
    {
        reading.KeepOthers(item, path, "type", "image_url", "file_id", "detail");
        string? detail = Text(item, path, "detail", reading);
        if (Has(item, "image_url", out JsonElement address))
        {
            return new ChatPart.Image(reading.Media(address, path, "image_url"), detail);
        }

        return new ChatPart.Image(new MediaSource.Uploaded(Uploaded(item, path, "image_url", reading)), detail);
    }

    private static ChatPart ReadFile(JsonElement item, string path, RequestReading reading)
    {
        reading.KeepOthers(item, path, "type", "file_data", "file_url", "file_id", "filename");
        string? name = Text(item, path, "filename", reading);
        if (Has(item, "file_data", out JsonElement bytes))
        {
            MediaSource source = reading.Media(bytes, path, "file_data");
            if (source is not MediaSource.Inline)
            {
                reading.Fail(RequestMistake.BadValue($"{path}.file_data", "a data address with a media type in base64 ('data:application/pdf;base64,…')"));
            }

            return new ChatPart.Document(source, name);
        }

        return Has(item, "file_url", out JsonElement address)
            ? new ChatPart.Document(new MediaSource.Url(reading.Text(address, path, "file_url") ?? ""), name)
            : new ChatPart.Document(new MediaSource.Uploaded(Uploaded(item, path, "file_data", reading)), name);
    }

    private static ChatPart ReadAudio(JsonElement item, string path, RequestReading reading)
    {
        string own = $"{path}.input_audio";
        reading.KeepOthers(item, path, "type", "input_audio");
        if (!Has(item, "input_audio", out JsonElement audio) || !reading.IsObject(audio, path, "input_audio") || !Has(audio, "data", out JsonElement bytes))
        {
            reading.Fail(RequestMistake.Missing($"{own}.data"));
            return new ChatPart.Text("");
        }

        string type = MediaTypes.Check($"audio/{reading.NeededText(audio, own, "format")}", $"{own}.format", reading);
        return new ChatPart.Audio(new MediaSource.Inline(type, reading.Payload(bytes, own, "data")));
    }

    /// <summary>The id of a file, where neither bytes nor an address are given.</summary>
    private static string Uploaded(JsonElement item, string path, string expected, RequestReading reading)
    {
        if (Text(item, path, "file_id", reading) is { } id)
        {
            return id;
        }

        reading.Fail(RequestMistake.Missing($"{path}.{expected}"));
        return "";
    }

    private static string? Text(JsonElement item, string path, string name, RequestReading reading) =>
        item.TryGetProperty(name, out JsonElement value) ? reading.Text(value, path, name) : null;

    private static bool Has(JsonElement item, string name, out JsonElement value) =>
        item.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
