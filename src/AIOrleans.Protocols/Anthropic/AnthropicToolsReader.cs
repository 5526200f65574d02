using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads tools, the choice among them, thinking, and the form of the answer.</summary>
internal static class AnthropicToolsReader
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
            if (item.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(item, path, "", "an object");
            }
            else if (IsCustom(item))
            {
                tools.Add(ReadTool(item, path, reading));
            }
            else
            {
                // Tools of other types run at Anthropic, or have a form that only its models know.
                reading.KeepItem(item, path);
            }
        }

        return tools.ToImmutable();
    }

    public static CanonicalRequest ReadChoice(CanonicalRequest request, JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "tool_choice"))
        {
            return request;
        }

        reading.KeepOthers(value, "tool_choice", "type", "name", "disable_parallel_tool_use");
        bool? isSerial = value.TryGetProperty("disable_parallel_tool_use"u8, out JsonElement serial)
            ? reading.Flag(serial, "tool_choice", "disable_parallel_tool_use")
            : null;
        ToolChoice? choice = reading.NeededText(value, "tool_choice", "type") switch
        {
            "auto" => new ToolChoice(ToolUse.Auto),
            "any" => new ToolChoice(ToolUse.Required),
            "none" => new ToolChoice(ToolUse.None),
            "tool" => new ToolChoice(ToolUse.Named, reading.NeededText(value, "tool_choice", "name")),
            _ => null,
        };
        if (choice is null)
        {
            reading.Fail(RequestMistake.BadValue("tool_choice.type", "one of 'auto', 'any', 'tool' and 'none'"));
        }

        return request with { ToolChoice = choice, ParallelTools = !isSerial };
    }

    public static Reasoning? ReadThinking(Reasoning? before, JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "thinking"))
        {
            return before;
        }

        reading.KeepOthers(value, "thinking", "type", "budget_tokens", "display");
        Reasoning reasoning = before ?? new Reasoning();
        switch (reading.NeededText(value, "thinking", "type"))
        {
            case "disabled":
                return reasoning with { BudgetTokens = 0 };
            case "adaptive":
                return reasoning with { Show = true };
            case "enabled" when value.TryGetProperty("budget_tokens"u8, out JsonElement budget):
                return reasoning with { BudgetTokens = reading.Whole(budget, "thinking", "budget_tokens", 1024, int.MaxValue), Show = true };
            case "enabled":
                reading.Fail(RequestMistake.Missing("thinking.budget_tokens"));
                return reasoning;
            default:
                reading.Fail(RequestMistake.BadValue("thinking.type", "one of 'enabled', 'adaptive' and 'disabled'"));
                return reasoning;
        }
    }

    public static CanonicalRequest ReadOutput(CanonicalRequest request, JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "output_config"))
        {
            return request;
        }

        reading.KeepOthers(value, "output_config", "effort", "format");
        if (value.TryGetProperty("format"u8, out JsonElement format))
        {
            request = request with { Format = ReadFormat(format, "output_config.format", reading) };
        }

        if (!value.TryGetProperty("effort"u8, out JsonElement given) || reading.Text(given, "output_config", "effort") is not { } word)
        {
            return request;
        }

        if (EffortWords.TryRead(word) is { } effort)
        {
            return request with { Reasoning = (request.Reasoning ?? new Reasoning()) with { Effort = effort } };
        }

        reading.Fail(RequestMistake.BadValue("output_config.effort", EffortWords.Expected));
        return request;
    }

    public static OutputFormat? ReadFormat(JsonElement value, string path, RequestReading reading)
    {
        if (!reading.IsObject(value, path, ""))
        {
            return null;
        }

        reading.KeepOthers(value, path, "type", "schema");
        if (reading.NeededText(value, path, "type") != "json_schema")
        {
            reading.Fail(RequestMistake.BadValue($"{path}.type", "'json_schema'"));
            return null;
        }

        if (value.TryGetProperty("schema"u8, out JsonElement schema) && reading.IsObject(schema, path, "schema"))
        {
            return OutputFormats.OfSchema(reading.Raw(schema));
        }

        reading.Fail(RequestMistake.Missing($"{path}.schema"));
        return null;
    }

    private static bool IsCustom(JsonElement item) =>
        !item.TryGetProperty("type"u8, out JsonElement type) || type.ValueKind != JsonValueKind.String || type.ValueEquals("custom"u8);

    private static ChatTool ReadTool(JsonElement item, string path, RequestReading reading)
    {
        reading.KeepOthers(item, path, "type", "name", "description", "input_schema", "strict", "cache_control");
        return new ChatTool(
            reading.NeededText(item, path, "name"),
            item.TryGetProperty("description"u8, out JsonElement about) ? reading.Text(about, path, "description") : null,
            item.TryGetProperty("input_schema"u8, out JsonElement schema) && reading.IsObject(schema, path, "input_schema") ? reading.Raw(schema) : null,
            item.TryGetProperty("strict"u8, out JsonElement strict) ? reading.Flag(strict, path, "strict") : null,
            path)
        {
            Cache = item.TryGetProperty("cache_control"u8, out JsonElement mark) ? CacheMarks.Read(mark, path, reading) : CacheMark.None,
        };
    }
}
