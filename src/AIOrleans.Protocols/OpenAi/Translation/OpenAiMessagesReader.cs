using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads <c>messages</c>. Besides OpenAI's own members it knows what its imitators have agreed on: <c>reasoning_content</c>,
/// <c>thinking_blocks</c>, <c>cache_control</c> and Google's <c>extra_content</c>, because answers of this gateway carry them.</summary>
internal static class OpenAiMessagesReader
{
    public static ImmutableArray<ChatMessage> Read(JsonElement value, RequestReading reading)
    {
        if (!reading.IsArray(value, "", "messages"))
        {
            return [];
        }

        ImmutableArray<ChatMessage>.Builder messages = ImmutableArray.CreateBuilder<ChatMessage>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At("messages", messages.Count);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            messages.Add(ReadMessage(item, path, reading));
        }

        return messages.MoveToImmutable();
    }

    /// <summary>Reads the <c>message</c> of an answer.</summary>
    public static ChatMessage ReadAnswer(JsonElement item, string path, RequestReading reading)
    {
        MessageDraft draft = new(path, reading);
        foreach (JsonProperty member in item.EnumerateObject())
        {
            draft.Read(member);
        }

        return draft.ToMessage(ChatRole.Assistant);
    }

    private static ChatMessage ReadMessage(JsonElement item, string path, RequestReading reading)
    {
        MessageDraft draft = new(path, reading);
        foreach (JsonProperty member in item.EnumerateObject())
        {
            draft.Read(member);
        }

        switch (draft.Role)
        {
            case "system":
                return draft.ToMessage(ChatRole.System);
            case "developer":
                return draft.ToMessage(ChatRole.Developer);
            case "user":
                return draft.ToMessage(ChatRole.User);
            case "assistant":
                return draft.ToMessage(ChatRole.Assistant);
            case "tool":
                return draft.ToToolMessage();
            case null:
                reading.Fail(RequestMistake.Missing($"{path}.role"));
                return draft.ToMessage(ChatRole.Assistant);
            default:
                reading.Fail(RequestMistake.BadValue($"{path}.role", "one of 'system', 'developer', 'user', 'assistant' and 'tool'"));
                return draft.ToMessage(ChatRole.User);
        }
    }

    /// <summary>A message while it is being read: thoughts come first, then content, then tool calls, whatever the order of the members.</summary>
    private sealed record MessageDraft(string Path, RequestReading Reading)
    {
        private ImmutableArray<ChatPart> content = [];
        private ImmutableArray<ChatPart> calls = [];
        private ImmutableArray<ChatPart> thoughts = [];
        private string? reasoning;
        private string? refusal;
        private string? name;
        private string? callId;
        private CacheMark cache;
        private bool hasContent;

        /// <summary>As the client wrote it; null: not yet, or not at all.</summary>
        public string? Role { get; private set; }

        public void Read(JsonProperty member)
        {
            switch (member.Name)
            {
                case "role":
                    Role = Reading.Text(member.Value, Path, "role");
                    break;
                case "content":
                    hasContent = member.Value.ValueKind != JsonValueKind.Null;
                    content = OpenAiPartsReader.Read(member.Value, Path, Reading);
                    break;
                case "tool_calls":
                    calls = OpenAiToolsReader.ReadCalls(member.Value, Path, Reading);
                    break;
                case "thinking_blocks":
                    thoughts = OpenAiPartsReader.ReadThoughts(member.Value, Path, Reading);
                    break;
                case "reasoning_content" or "reasoning":
                    reasoning ??= Reading.Text(member.Value, Path, member.Name);
                    break;
                case "refusal":
                    refusal = Reading.Text(member.Value, Path, member.Name);
                    break;
                case "name":
                    name = Reading.Text(member.Value, Path, member.Name);
                    break;
                case "tool_call_id":
                    callId = Reading.Text(member.Value, Path, member.Name);
                    break;
                case "cache_control":
                    cache = CacheMarks.Read(member.Value, Path, Reading);
                    break;
                default:
                    // Clients send the members of an answer back; annotations only cite what the text says.
                    Reading.Keep(member, Path, member.Name is "annotations" or "reasoning_details" ? FieldWeight.Harmless : FieldWeight.Parameter);
                    break;
            }
        }

        public ChatMessage ToMessage(ChatRole role)
        {
            if (!hasContent && role != ChatRole.Assistant)
            {
                Reading.Fail(RequestMistake.Missing($"{Path}.content"));
            }

            if (thoughts.IsEmpty && calls.IsEmpty && cache == CacheMark.None && string.IsNullOrEmpty(reasoning) && string.IsNullOrEmpty(refusal))
            {
                return new ChatMessage(role, content, Path) { Name = name };
            }

            ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>();
            parts.AddRange(thoughts);
            if (thoughts.IsEmpty && !string.IsNullOrEmpty(reasoning))
            {
                parts.Add(new ChatPart.Thinking(reasoning) { Path = $"{Path}.reasoning_content" });
            }

            parts.AddRange(content);
            if (!string.IsNullOrEmpty(refusal))
            {
                parts.Add(new ChatPart.Refusal(refusal) { Path = $"{Path}.refusal" });
            }

            parts.AddRange(calls);
            return new ChatMessage(role, WithMark(parts), Path) { Name = name };
        }

        public ChatMessage ToToolMessage()
        {
            if (string.IsNullOrEmpty(callId))
            {
                Reading.Fail(RequestMistake.Missing($"{Path}.tool_call_id"));
            }

            return new ChatMessage(ChatRole.Tool, [new ChatPart.ToolResult(callId ?? "", name, content, IsError: false) { Path = Path, Cache = cache }], Path);
        }

        private ImmutableArray<ChatPart> WithMark(ImmutableArray<ChatPart>.Builder parts)
        {
            if (cache != CacheMark.None && parts.Count > 0)
            {
                parts[^1] = parts[^1] with { Cache = cache };
            }

            return parts.ToImmutable();
        }
    }
}
