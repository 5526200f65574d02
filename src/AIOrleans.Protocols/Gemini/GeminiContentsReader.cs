using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads <c>contents</c> and <c>systemInstruction</c>: answers of functions become tool messages.</summary>
internal static class GeminiContentsReader
{
    public static ImmutableArray<ChatMessage> Read(JsonElement value, RequestReading reading)
    {
        ImmutableArray<ChatMessage>.Builder messages = ImmutableArray.CreateBuilder<ChatMessage>();
        GeminiCallIds ids = new("call");
        if (value.ValueKind == JsonValueKind.Object)
        {
            ReadContent(value, "contents", reading, ids, messages);
        }
        else if (reading.IsArray(value, "", "contents"))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                ReadContent(item, RequestReading.At("contents", index++), reading, ids, messages);
            }
        }

        return messages.ToImmutable();
    }

    /// <summary>Reads <c>systemInstruction</c> as one leading system message; its role means nothing.</summary>
    public static ImmutableArray<ChatMessage> ReadSystem(JsonElement value, RequestReading reading)
    {
        ImmutableArray<ChatPart> parts = [];
        if (value.ValueKind == JsonValueKind.String)
        {
            parts = [new ChatPart.Text(value.GetString() ?? "") { Path = "systemInstruction" }];
        }
        else if (reading.IsObject(value, "", "systemInstruction"))
        {
            parts = GeminiPartsReader.ReadParts(GeminiMembers.Of(value, "systemInstruction", reading)["parts"], "systemInstruction", reading, new GeminiCallIds("call"));
        }

        return parts.IsEmpty ? [] : [new ChatMessage(ChatRole.System, parts, "systemInstruction")];
    }

    private static void ReadContent(
        JsonElement item, string path, RequestReading reading, GeminiCallIds ids, ImmutableArray<ChatMessage>.Builder messages)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            reading.WrongType(item, path, "", "an object");
            return;
        }

        GeminiMembers members = GeminiMembers.Of(item, path, reading);
        members.KeepOthers(path, reading, "role", "parts");
        string role = members.Text(path, "role", reading) ?? "user";
        ImmutableArray<ChatPart> parts = GeminiPartsReader.ReadParts(members["parts"], path, reading, ids);
        if (parts.IsEmpty)
        {
            reading.Fail(RequestMistake.Missing($"{path}.parts"));
        }

        switch (role)
        {
            case "model":
                messages.Add(new ChatMessage(ChatRole.Assistant, parts, path));
                break;
            case "user" or "function" or "tool":
                AddUser(parts, path, messages);
                break;
            default:
                reading.Fail(RequestMistake.BadValue($"{path}.role", "'user' or 'model'"));
                break;
        }
    }

    private static void AddUser(ImmutableArray<ChatPart> parts, string path, ImmutableArray<ChatMessage>.Builder messages)
    {
        ImmutableArray<ChatPart> results = [.. parts.Where(part => part is ChatPart.ToolResult)];
        if (!results.IsEmpty)
        {
            messages.Add(new ChatMessage(ChatRole.Tool, results, path));
        }

        if (results.Length < parts.Length)
        {
            messages.Add(new ChatMessage(ChatRole.User, results.IsEmpty ? parts : [.. parts.Where(part => part is not ChatPart.ToolResult)], path));
        }
    }
}
