using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads <c>input</c>: a text, or items. What the model said, thought and called stands in items of its own there, and becomes one turn here.</summary>
internal static class ResponsesInputReader
{
    public static ImmutableArray<ChatMessage> Read(JsonElement value, RequestReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return [new ChatMessage(ChatRole.User, ResponsesPartsReader.Read(value, "", "input", reading), "input")];
            case JsonValueKind.Array:
                return ReadItems(value, reading);
            case JsonValueKind.Null:
                return [];
            default:
                reading.WrongType(value, "", "input", "a string or an array of objects");
                return [];
        }
    }

    private static ImmutableArray<ChatMessage> ReadItems(JsonElement value, RequestReading reading)
    {
        Turns turns = new();
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At("input", index++);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            ReadItem(item, path, reading, turns);
        }

        return turns.ToMessages();
    }

    private static void ReadItem(JsonElement item, string path, RequestReading reading, Turns turns)
    {
        string? type = item.TryGetProperty("type"u8, out JsonElement given) ? reading.Text(given, path, "type") : null;
        switch (type ?? (item.TryGetProperty("role"u8, out _) ? "message" : "item_reference"))
        {
            case "message":
                ReadMessage(item, path, reading, turns);
                break;
            case "reasoning":
                turns.Add(ChatRole.Assistant, [ReadReasoning(item, path, reading)], path);
                break;
            case "function_call":
                turns.Add(ChatRole.Assistant, [ReadCall(item, path, reading)], path);
                break;
            case "function_call_output":
                turns.Add(ChatRole.Tool, [ReadResult(item, path, reading)], path);
                break;
            case "item_reference":
                reading.KeepContent(item, path, "keeps no earlier items: send the item itself");
                break;
            case var other:
                // Calls of tools that run at OpenAI, and what came of them.
                turns.Add(ChatRole.Assistant, [new ChatPart.Unknown(other, reading.Raw(item)) { Path = path }], path);
                break;
        }
    }

    private static void ReadMessage(JsonElement item, string path, RequestReading reading, Turns turns)
    {
        KeepOthers(item, path, reading, "role", "content");
        ChatRole? role = reading.NeededText(item, path, "role") switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            _ => null,
        };
        if (role is null)
        {
            reading.Fail(RequestMistake.BadValue($"{path}.role", "one of 'user', 'assistant', 'system' and 'developer'"));
        }

        if (!item.TryGetProperty("content"u8, out JsonElement content) || content.ValueKind == JsonValueKind.Null)
        {
            reading.Fail(RequestMistake.Missing($"{path}.content"));
            return;
        }

        turns.Add(role ?? ChatRole.User, ResponsesPartsReader.Read(content, path, "content", reading), path);
    }

    private static ChatPart ReadReasoning(JsonElement item, string path, RequestReading reading)
    {
        KeepOthers(item, path, reading, "summary", "content", "encrypted_content");
        string? carried = item.TryGetProperty("encrypted_content"u8, out JsonElement payload) ? reading.Text(payload, path, "encrypted_content") : null;
        (string? signature, string? redacted) = ForeignSignature.OfResponsesClient(carried);
        string text = TextsOf(item, path, "summary", reading);
        return new ChatPart.Thinking(text.Length > 0 ? text : TextsOf(item, path, "content", reading), signature, redacted) { Path = path };
    }

    private static string TextsOf(JsonElement item, string path, string name, RequestReading reading)
    {
        StringBuilder joined = new();
        if (item.TryGetProperty(name, out JsonElement parts) && reading.IsArray(parts, path, name))
        {
            foreach (JsonElement part in parts.EnumerateArray())
            {
                joined.Append(JsonLookups.Text(part, "text"u8));
            }
        }

        return joined.ToString();
    }

    private static ChatPart ReadCall(JsonElement item, string path, RequestReading reading)
    {
        KeepOthers(item, path, reading, "call_id", "name", "arguments");
        string arguments = item.TryGetProperty("arguments"u8, out JsonElement json) ? reading.Text(json, path, "arguments") ?? "" : "";
        return new ChatPart.ToolCall(reading.NeededText(item, path, "call_id"), reading.NeededText(item, path, "name"), arguments) { Path = path };
    }

    private static ChatPart ReadResult(JsonElement item, string path, RequestReading reading)
    {
        KeepOthers(item, path, reading, "call_id", "output");
        ImmutableArray<ChatPart> parts = [];
        if (item.TryGetProperty("output"u8, out JsonElement output) && output.ValueKind != JsonValueKind.Null)
        {
            parts = ResponsesPartsReader.Read(output, path, "output", reading);
        }
        else
        {
            reading.Fail(RequestMistake.Missing($"{path}.output"));
        }

        return new ChatPart.ToolResult(reading.NeededText(item, path, "call_id"), null, parts, IsError: false) { Path = path };
    }

    /// <summary>Ids and states of items are OpenAI's bookkeeping; clients send them back with the rest of an answer.</summary>
    private static void KeepOthers(JsonElement item, string path, RequestReading reading, params ReadOnlySpan<string> known) =>
        reading.KeepOthers(item, path, known, ["type", "id", "status", "phase"]);

    /// <summary>Gathers items into turns: all that the model made between two turns of the client's is one message.</summary>
    private sealed class Turns
    {
        private readonly ImmutableArray<ChatMessage>.Builder messages = ImmutableArray.CreateBuilder<ChatMessage>();
        private readonly List<ChatPart> model = [];
        private string modelPath = "";

        public void Add(ChatRole role, ImmutableArray<ChatPart> parts, string path)
        {
            if (role == ChatRole.Assistant)
            {
                modelPath = model.Count == 0 ? path : modelPath;
                model.AddRange(parts);
                return;
            }

            EndModelTurn();
            messages.Add(new ChatMessage(role, parts, path));
        }

        public ImmutableArray<ChatMessage> ToMessages()
        {
            EndModelTurn();
            return messages.ToImmutable();
        }

        private void EndModelTurn()
        {
            if (model.Count > 0)
            {
                messages.Add(new ChatMessage(ChatRole.Assistant, [.. model], modelPath));
                model.Clear();
            }
        }
    }
}
