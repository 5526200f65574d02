using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads tools, the choice among them, and the form of the answer: as in chat, without its inner objects.</summary>
internal static class ResponsesToolsReader
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
                continue;
            }

            string type = reading.NeededText(item, path, "type");
            if (type == "function")
            {
                reading.KeepOthers(item, path, "type", "name", "description", "parameters", "strict");
                tools.Add(OpenAiToolsReader.ReadFunction(item, path, path, reading));
            }
            else
            {
                string why = type == "custom" ? "tools take JSON there" : "it runs at OpenAI";
                reading.KeepContent(item, path, $"has no '{JsonKinds.Shown(type)}' tool: {why}");
            }
        }

        return tools.ToImmutable();
    }

    public static ToolChoice? ReadChoice(JsonProperty member, RequestReading reading)
    {
        JsonElement value = member.Value;
        if (value.ValueKind == JsonValueKind.Object && JsonLookups.Text(value, "type"u8) == "function")
        {
            return new ToolChoice(ToolUse.Named, reading.NeededText(value, member.Name, "name"));
        }

        // Words are those of chat; what else there is chooses among OpenAI's own tools, or some of several.
        return OpenAiToolsReader.ReadChoice(member, reading);
    }

    public static CanonicalRequest ReadText(CanonicalRequest request, JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "", "text"))
        {
            return request;
        }

        reading.KeepOthers(value, "text", "format", "verbosity");
        return request with
        {
            Format = value.TryGetProperty("format"u8, out JsonElement format) ? ReadFormat(format, reading) : null,
            Verbosity = value.TryGetProperty("verbosity"u8, out JsonElement verbosity) ? reading.Text(verbosity, "text", "verbosity") : null,
        };
    }

    private static OutputFormat? ReadFormat(JsonElement value, RequestReading reading)
    {
        if (!reading.IsObject(value, "text", "format"))
        {
            return null;
        }

        switch (reading.NeededText(value, "text.format", "type"))
        {
            case "text":
                return null;
            case "json_object":
                return new OutputFormat(null);
            case "json_schema":
                return OpenAiToolsReader.ReadSchema(value, "text.format", reading);
            default:
                reading.Fail(RequestMistake.BadValue("text.format.type", "one of 'text', 'json_object' and 'json_schema'"));
                return null;
        }
    }
}
