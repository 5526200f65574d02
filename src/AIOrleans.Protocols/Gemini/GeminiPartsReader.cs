using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads parts: of contents, of instructions, of answers.</summary>
internal static class GeminiPartsReader
{
    /// <summary>Where Google keeps uploaded files; nobody else can read them.</summary>
    private static readonly string[] OwnAddresses = ["https://generativelanguage.googleapis.com/", "gs://"];

    public static ImmutableArray<ChatPart> ReadParts(JsonElement value, string parent, RequestReading reading, GeminiCallIds ids)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return [ReadPart(value, $"{parent}.parts", reading, ids)];
        }

        if (!reading.IsArray(value, parent, "parts"))
        {
            return [];
        }

        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At($"{parent}.parts", parts.Count);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            parts.Add(ReadPart(item, path, reading, ids));
        }

        return parts.MoveToImmutable();
    }

    private static ChatPart ReadPart(JsonElement item, string path, RequestReading reading, GeminiCallIds ids)
    {
        GeminiMembers part = GeminiMembers.Of(item, path, reading);
        string? signature = part.Text(path, "thoughtSignature", reading);
        ChatPart read;
        if (part.Has("text"))
        {
            part.KeepOthers(path, reading, "text", "thought", "thoughtSignature");
            read = ReadText(part, path, signature, reading);
        }
        else if (part.Has("functionCall"))
        {
            part.KeepOthers(path, reading, "functionCall", "thought", "thoughtSignature");
            read = ReadCall(part["functionCall"], $"{path}.functionCall", signature, reading, ids);
        }
        else if (part.Has("functionResponse"))
        {
            part.KeepOthers(path, reading, "functionResponse");
            read = ReadResult(part["functionResponse"], $"{path}.functionResponse", reading, ids);
        }
        else if (part.Has("inlineData") || part.Has("fileData"))
        {
            part.KeepOthers(path, reading, "inlineData", "fileData", "thoughtSignature");
            read = ReadMedia(part, path, reading);
        }
        else
        {
            read = new ChatPart.Unknown(part.Select(member => member.Name).FirstOrDefault() ?? "empty", reading.Raw(item));
        }

        return read with { Path = path };
    }

    private static ChatPart ReadText(GeminiMembers part, string path, string? carried, RequestReading reading)
    {
        string text = part.Text(path, "text", reading) ?? "";
        bool isThought = part["thought"].ValueKind == JsonValueKind.True;
        if (!isThought)
        {
            return new ChatPart.Text(text);
        }

        (string? signature, string? redacted) = ForeignSignature.OfGeminiClient(carried);
        return new ChatPart.Thinking(text, signature, redacted);
    }

    private static ChatPart.ToolCall ReadCall(JsonElement value, string path, string? signature, RequestReading reading, GeminiCallIds ids)
    {
        GeminiMembers call = GeminiMembers.Of(value, path, reading);
        call.KeepOthers(path, reading, "id", "name", "args");
        string name = call.NeededText(path, "name", reading);
        string arguments = call.Has("args") && reading.IsObject(call["args"], path, "args") ? reading.Raw(call["args"]).ToCompact() : "{}";
        return new ChatPart.ToolCall(ids.OfCall(call.Text(path, "id", reading), name), name, arguments, signature);
    }

    private static ChatPart.ToolResult ReadResult(JsonElement value, string path, RequestReading reading, GeminiCallIds ids)
    {
        GeminiMembers result = GeminiMembers.Of(value, path, reading);
        result.KeepOthers(path, reading, "id", "name", "response", "parts");
        string name = result.NeededText(path, "name", reading);
        string id = ids.OfAnswer(result.Text(path, "id", reading), name);
        ImmutableArray<ChatPart> media = ReadParts(result["parts"], path, reading, ids);
        if (!result.Has("response") || !reading.IsObject(result["response"], path, "response"))
        {
            return new ChatPart.ToolResult(id, name, media, IsError: false);
        }

        (string text, bool isError) = TextOf(result["response"], reading);
        return new ChatPart.ToolResult(id, name, [new ChatPart.Text(text) { Path = $"{path}.response" }, .. media], isError);
    }

    /// <summary>Google wants an object, by custom with one member <c>output</c>, <c>result</c> or <c>error</c>; the others want text.</summary>
    private static (string Text, bool IsError) TextOf(JsonElement response, RequestReading reading)
    {
        if (response.GetPropertyCount() == 1)
        {
            JsonProperty only = response.EnumerateObject().First();
            bool isError = only.NameEquals("error"u8);
            if (only.Value.ValueKind == JsonValueKind.String && (isError || only.NameEquals("output"u8) || only.NameEquals("result"u8)))
            {
                return (only.Value.GetString() ?? "", isError);
            }
        }

        return (reading.Raw(response).ToCompact(), response.TryGetProperty("error"u8, out _));
    }

    private static ChatPart ReadMedia(GeminiMembers part, string path, RequestReading reading)
    {
        string name = part.Has("inlineData") ? "inlineData" : "fileData";
        string own = $"{path}.{name}";
        GeminiMembers media = GeminiMembers.Of(part[name], own, reading);
        media.KeepOthers(own, reading, "mimeType", "data", "fileUri", "displayName");
        string? type = media.Text(own, "mimeType", reading);
        string? title = media.Text(own, "displayName", reading);
        MediaSource source;
        if (name == "fileData")
        {
            string address = media.NeededText(own, "fileUri", reading);
            source = Array.Exists(OwnAddresses, prefix => address.StartsWith(prefix, StringComparison.Ordinal))
                ? new MediaSource.Uploaded(address)
                : new MediaSource.Url(address, type);
        }
        else
        {
            type = MediaTypes.Check(media.NeededText(own, "mimeType", reading), $"{own}.mimeType", reading);
            source = new MediaSource.Inline(type, media.Has("data") ? reading.Payload(media["data"], own, "data") : default);
        }

        return type switch
        {
            not null when type.StartsWith("image/", StringComparison.Ordinal) => new ChatPart.Image(source),
            not null when type.StartsWith("audio/", StringComparison.Ordinal) => new ChatPart.Audio(source),
            _ => new ChatPart.Document(source, title),
        };
    }
}
