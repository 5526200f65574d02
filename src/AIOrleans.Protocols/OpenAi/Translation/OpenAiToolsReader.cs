using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads tools, calls of them, the choice among them, and the form of the answer.</summary>
internal static class OpenAiToolsReader
{
    public static ImmutableArray<ChatTool> ReadTools(JsonElement value, RequestReading reading)
    {
        if (!reading.IsArray(value, "", "tools"))
        {
            return [];
        }

        ImmutableArray<ChatTool>.Builder tools = ImmutableArray.CreateBuilder<ChatTool>(value.GetArrayLength());
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At("tools", index++);
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("function"u8, out JsonElement function)
                && reading.IsObject(function, path, "function"))
            {
                tools.Add(ReadTool(item, function, path, reading));
            }
            else
            {
                // Tools of other types run at OpenAI; nobody else has them.
                reading.KeepItem(item, path);
            }
        }

        return tools.ToImmutable();
    }

    public static ToolChoice? ReadChoice(JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        if (value.ValueKind == JsonValueKind.String)
        {
            switch (value.GetString())
            {
                case "auto":
                    return new ToolChoice(ToolUse.Auto);
                case "none":
                    return new ToolChoice(ToolUse.None);
                case "required":
                    return new ToolChoice(ToolUse.Required);
                default:
                    reading.Fail(RequestMistake.BadValue(member.Name, "'auto', 'none', 'required' or a named function"));
                    return null;
            }
        }

        if (!reading.IsObject(value, "", member.Name))
        {
            return null;
        }

        if (value.TryGetProperty("function"u8, out JsonElement function) && reading.IsObject(function, member.Name, "function"))
        {
            return new ToolChoice(ToolUse.Named, reading.NeededText(function, "tool_choice.function", "name"));
        }

        reading.Keep(member, "");
        return null;
    }

    public static OutputFormat? ReadFormat(JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "response_format"))
        {
            return null;
        }

        switch (reading.NeededText(value, "response_format", "type"))
        {
            case "text":
                return null;
            case "json_object":
                return new OutputFormat(null);
            case "json_schema" when value.TryGetProperty("json_schema"u8, out JsonElement schema)
                && reading.IsObject(schema, "response_format", "json_schema"):
                return ReadSchema(schema, "response_format.json_schema", reading);
            case "json_schema":
                reading.Fail(RequestMistake.Missing("response_format.json_schema"));
                return null;
            default:
                reading.Fail(RequestMistake.BadValue("response_format.type", "one of 'text', 'json_object' and 'json_schema'"));
                return null;
        }
    }

    public static ImmutableArray<ChatPart> ReadCalls(JsonElement value, string parent, RequestReading reading)
    {
        if (!reading.IsArray(value, parent, "tool_calls"))
        {
            return [];
        }

        ImmutableArray<ChatPart>.Builder calls = ImmutableArray.CreateBuilder<ChatPart>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = RequestReading.At($"{parent}.tool_calls", calls.Count);
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
                return [];
            }

            calls.Add(item.TryGetProperty("function"u8, out JsonElement function) && reading.IsObject(function, path, "function")
                ? ReadCall(item, function, path, reading)
                : new ChatPart.Unknown("tool_call", reading.Raw(item)) { Path = path });
        }

        return calls.MoveToImmutable();
    }

    /// <summary>Reads <c>name</c>, <c>schema</c>, <c>description</c> and <c>strict</c> of a structured output.</summary>
    internal static OutputFormat ReadSchema(JsonElement schema, string path, RequestReading reading)
    {
        reading.KeepOthers(schema, path, "type", "name", "schema", "description", "strict");
        RawJson? form = schema.TryGetProperty("schema"u8, out JsonElement given) && reading.IsObject(given, path, "schema") ? reading.Raw(given) : null;
        return new OutputFormat(
            form ?? RawJson.EmptyObject,
            reading.NeededText(schema, path, "name"),
            schema.TryGetProperty("description"u8, out JsonElement about) ? reading.Text(about, path, "description") : null,
            schema.TryGetProperty("strict"u8, out JsonElement strict) ? reading.Flag(strict, path, "strict") : null);
    }

    /// <summary>The function's own members: <c>name</c>, <c>description</c>, <c>parameters</c> and <c>strict</c>.</summary>
    internal static ChatTool ReadFunction(JsonElement function, string at, string path, RequestReading reading) => new(
        reading.NeededText(function, at, "name"),
        function.TryGetProperty("description"u8, out JsonElement about) ? reading.Text(about, at, "description") : null,
        function.TryGetProperty("parameters"u8, out JsonElement schema) && reading.IsObject(schema, at, "parameters") ? reading.Raw(schema) : null,
        function.TryGetProperty("strict"u8, out JsonElement strict) ? reading.Flag(strict, at, "strict") : null,
        path);

    private static ChatTool ReadTool(JsonElement item, JsonElement function, string path, RequestReading reading)
    {
        reading.KeepOthers(item, path, "type", "function", "cache_control");
        reading.KeepOthers(function, $"{path}.function", "name", "description", "parameters", "strict");
        CacheMark cache = item.TryGetProperty("cache_control"u8, out JsonElement mark) ? CacheMarks.Read(mark, path, reading) : CacheMark.None;
        return ReadFunction(function, $"{path}.function", path, reading) with { Cache = cache };
    }

    private static ChatPart ReadCall(JsonElement item, JsonElement function, string path, RequestReading reading)
    {
        string? signature = item.TryGetProperty("extra_content"u8, out JsonElement extra) && extra.ValueKind == JsonValueKind.Object
            && extra.TryGetProperty("google"u8, out JsonElement google) && google.ValueKind == JsonValueKind.Object
            && google.TryGetProperty("thought_signature"u8, out JsonElement given) ? reading.Text(given, path, "extra_content.google.thought_signature") : null;
        reading.KeepOthers(item, path, "id", "type", "index", "function", "extra_content");
        reading.KeepOthers(function, $"{path}.function", "name", "arguments");
        string arguments = function.TryGetProperty("arguments"u8, out JsonElement json) ? reading.Text(json, path, "function.arguments") ?? "" : "";
        return new ChatPart.ToolCall(
            reading.NeededText(item, path, "id"), reading.NeededText(function, $"{path}.function", "name"), arguments, signature)
        { Path = path };
    }
}
