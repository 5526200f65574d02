using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads <c>messages</c>: a user's message with tool results becomes a tool message and, with what is left, a user's.</summary>
internal static class AnthropicMessagesReader
{
    public static ImmutableArray<ChatMessage> Read(JsonElement value, RequestReading reading)
    {
        if (!reading.IsArray(value, "", "messages"))
        {
            return [];
        }

        ImmutableArray<ChatMessage>.Builder messages = ImmutableArray.CreateBuilder<ChatMessage>(value.GetArrayLength());
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At("messages", index++);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            ReadMessage(item, path, reading, messages);
        }

        return messages.ToImmutable();
    }

    private static void ReadMessage(JsonElement item, string path, RequestReading reading, ImmutableArray<ChatMessage>.Builder messages)
    {
        reading.KeepOthers(item, path, "role", "content");
        string role = reading.NeededText(item, path, "role");
        if (!item.TryGetProperty("content"u8, out JsonElement content))
        {
            reading.Fail(RequestMistake.Missing($"{path}.content"));
            return;
        }

        ImmutableArray<ChatPart> parts = AnthropicBlocksReader.Read(content, path, reading);
        switch (role)
        {
            case "assistant":
                messages.Add(new ChatMessage(ChatRole.Assistant, parts, path));
                break;
            case "user":
                AddUser(parts, path, messages);
                break;
            case "system":
                // A beta lets operators speak in the middle of a conversation.
                messages.Add(new ChatMessage(ChatRole.System, parts, path));
                break;
            default:
                reading.Fail(RequestMistake.BadValue($"{path}.role", "'user' or 'assistant'"));
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

        if (results.Length < parts.Length || parts.IsEmpty)
        {
            messages.Add(new ChatMessage(ChatRole.User, results.IsEmpty ? parts : [.. parts.Where(part => part is not ChatPart.ToolResult)], path));
        }
    }
}
