using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolsReader
{
    public static ImmutableArray<ChatTool> ReadTools(JsonElement value, RequestReading reading)
    {
        ImmutableArray<ChatTool>.Builder tools = ImmutableArray.CreateBuilder<ChatTool>();

        // Google takes a single object for an array of one.
        if (value.ValueKind == JsonValueKind.Object)
        {
            ReadTool(value, "tools", reading, tools);
        }
        else if (reading.IsArray(value, "", "tools"))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                ReadTool(item, RequestReading.At("tools", index++), reading, tools);
            }
        }

        return tools.ToImmutable();
    }

    public static ToolChoice? ReadChoice(JsonElement value, RequestReading reading)
    {
        const string Path = "toolConfig.functionCallingConfig";
        GeminiMembers config = GeminiMembers.Of(value, "toolConfig", reading);
        config.KeepOthers("toolConfig", reading, "functionCallingConfig");
        if (!config.Has("functionCallingConfig") || !reading.IsObject(config["functionCallingConfig"], "toolConfig", "functionCallingConfig"))
        {
            return null;
        }

        GeminiMembers members = GeminiMembers.Of(config["functionCallingConfig"], Path, reading);
        members.KeepOthers(Path, reading, "mode", "allowedFunctionNames");
        ImmutableArray<string> names = members.Has("allowedFunctionNames")
            ? reading.Texts(members["allowedFunctionNames"], Path, "allowedFunctionNames", 128)
            : [];
        if (names.Length > 1)
        {
            reading.Keep("allowedFunctionNames", members["allowedFunctionNames"], Path, FieldWeight.Parameter);
        }

        switch (members.Text(Path, "mode", reading))
        {
            case "ANY":
                return names.Length == 1 ? new ToolChoice(ToolUse.Named, names[0]) : new ToolChoice(ToolUse.Required);
            case "NONE":
                return new ToolChoice(ToolUse.None);
            case null or "MODE_UNSPECIFIED":
                return null;
            case "AUTO" or "VALIDATED":
                return new ToolChoice(ToolUse.Auto);
            default:
                reading.Fail(RequestMistake.BadValue($"{Path}.mode", "one of 'AUTO', 'ANY', 'NONE' and 'VALIDATED'"));
                return null;
        }
    }

    private static void ReadTool(JsonElement item, string path, RequestReading reading, ImmutableArray<ChatTool>.Builder tools)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            reading.WrongType(item, path, "", "an object");
            return;
        }

        GeminiMembers members = GeminiMembers.Of(item, path, reading);

        // Tools of other kinds run at Google.
        members.KeepOthers(path, reading, "functionDeclarations");
        if (!members.Has("functionDeclarations") || !reading.IsArray(members["functionDeclarations"], path, "functionDeclarations"))
        {
            return;
        }

        int index = 0;
        foreach (JsonElement declaration in members["functionDeclarations"].EnumerateArray())
        {
            string own = RequestReading.At($"{path}.functionDeclarations", index++);
            if (declaration.ValueKind == JsonValueKind.Object)
            {
                tools.Add(ReadFunction(declaration, own, reading));
            }
            else
            {
                reading.WrongType(declaration, own, "", "an object");
            }
        }
    }

    private static ChatTool ReadFunction(JsonElement declaration, string path, RequestReading reading)
    {
        GeminiMembers members = GeminiMembers.Of(declaration, path, reading);
        members.KeepOthers(path, reading, "name", "description", "parameters", "parametersJsonSchema");
        RawJson? schema = null;
        if (members.Has("parametersJsonSchema") && reading.IsObject(members["parametersJsonSchema"], path, "parametersJsonSchema"))
        {
            schema = reading.Raw(members["parametersJsonSchema"]);
        }
        else if (members.Has("parameters") && reading.IsObject(members["parameters"], path, "parameters"))
        {
            schema = GeminiSchema.ToJsonSchema(members["parameters"]);
        }

        return new ChatTool(members.NeededText(path, "name", reading), members.Text(path, "description", reading), schema, null, path);
    }
}
