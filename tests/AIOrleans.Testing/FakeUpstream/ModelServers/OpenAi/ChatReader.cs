using System.Text.Json;
using System.Text.RegularExpressions;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads the body of <c>/chat/completions</c>.</summary>
internal static partial class ChatReader
{
    public static ModelTask Read(StrictObject body, string model)
    {
        OnlyKnown(body);
        ModelTask task = new(model);
        ReadParameters(body, task);
        foreach (StrictObject tool in body.Objects("tools"))
        {
            ReadTool(tool.Only("type", "function"), task);
        }

        ReadChoice(body, task);
        ReadFormat(body, task);
        body.Needed("messages");
        ChatMessages.Read(body, task);
        return task;
    }

    private static void OnlyKnown(StrictObject body)
    {
        try
        {
            body.Only(
                "messages", "model", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "metadata", "modalities",
                "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier",
                "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
                "web_search_options");
        }
        catch (WireRefusalException unknown)
        {
            // This older endpoint says it in other words.
            throw OpenAiWords.Refuse($"Unrecognized request argument supplied: {unknown.Param}");
        }
    }

    private static void ReadParameters(StrictObject body, ModelTask task)
    {
        bool reasons = OpenAiModels.Reasons(task.Model);
        decimal? temperature = body.Number("temperature", 0, 2);
        if (reasons && temperature is not (null or 1))
        {
            throw OpenAiWords.Refuse("Unsupported value: 'temperature' does not support this value with this model. Only the default (1) value is supported.", "temperature", "unsupported_value");
        }

        long? old = body.Whole("max_tokens", 1, int.MaxValue);
        if (reasons && old is not null)
        {
            throw OpenAiWords.Refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter");
        }

        string? effort = body.Choice("reasoning_effort", "none", "minimal", "low", "medium", "high", "xhigh");
        if (!reasons && effort is not null)
        {
            throw OpenAiWords.Refuse("Unrecognized request argument supplied: reasoning_effort");
        }

        task.Thinks = reasons && effort is not "none";
        task.OutputTokensMax = body.Whole("max_completion_tokens", 1, int.MaxValue) ?? old;
        task.Candidates = (int)(body.Whole("n", 1, 128) ?? 1);
        task.OneToolAtATime = body.Flag("parallel_tool_calls") == false;
        if (body.Any("stop") is { ValueKind: JsonValueKind.String } stop)
        {
            task.Stops.Add(stop.GetString() ?? "");
        }
        else
        {
            task.Stops.AddRange(body.Texts("stop"));
        }

        if (task.Stops.Count > 4)
        {
            throw OpenAiWords.Refuse("Invalid 'stop': array too long. Expected an array with maximum length 4.", "stop", "array_above_max_length");
        }

        task.Set("temperature", temperature);
        task.Set("top_p", body.Number("top_p", 0, 1));
        task.Set("max_tokens", task.OutputTokensMax);
        task.Set("frequency_penalty", body.Number("frequency_penalty", -2, 2));
        task.Set("presence_penalty", body.Number("presence_penalty", -2, 2));
        task.Set("seed", body.Whole("seed", long.MinValue, long.MaxValue));
        task.Set("effort", effort);
        task.Set("verbosity", body.Choice("verbosity", "low", "medium", "high"));
        task.Set("user", body.TextOrNull("user"));
        task.Set("logit_bias", body.Object("logit_bias")?.Element.GetRawText());
        body.Choice("service_tier", "auto", "default", "flex", "priority", "scale");
        if (body.Object("metadata") is { } metadata && body.Flag("store") != true && metadata.Element.EnumerateObject().Any())
        {
            throw OpenAiWords.Refuse("The 'metadata' parameter is only allowed when 'store' is enabled.", "metadata");
        }
    }

    private static void ReadTool(StrictObject tool, ModelTask task)
    {
        tool.Choice("type", "function");
        tool.Text("type");
        if (tool.Object("function") is not { } function)
        {
            throw OpenAiWords.Instance.Missing(tool.PathOf("function"));
        }

        function.Only("name", "description", "parameters", "strict");
        string name = function.Text("name");
        if (!ToolName().IsMatch(name))
        {
            throw OpenAiWords.Refuse($"Invalid '{function.PathOf("name")}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", function.PathOf("name"), "invalid_value");
        }

        JsonElement? schema = function.Object("parameters")?.Element;
        if (function.Flag("strict") == true && schema is { } strict)
        {
            StrictSchema.Check(strict, $"function '{name}'", function.PathOf("parameters"));
        }

        task.Tools.Add(new ModelTool(name, schema));
        task.Read($"{name} {function.TextOrNull("description")}");
    }

    private static void ReadChoice(StrictObject body, ModelTask task)
    {
        if (body.Any("tool_choice") is not { } choice)
        {
            return;
        }

        if (task.Tools.Count == 0)
        {
            throw OpenAiWords.Refuse("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            task.Policy = body.Choice("tool_choice", "none", "auto", "required") switch { "none" => ToolPolicy.None, "required" => ToolPolicy.Required, _ => ToolPolicy.Auto };
            return;
        }

        StrictObject named = new StrictObject(choice, "tool_choice", OpenAiWords.Instance).Only("type", "function");
        named.Choice("type", "function");
        string name = named.Object("function")?.Only("name").Text("name") ?? throw OpenAiWords.Instance.Missing("tool_choice.function");
        if (!task.Tools.Any(tool => tool.Name == name))
        {
            throw OpenAiWords.Refuse($"Tool choice '{name}' not found in 'tools' parameter.", "tool_choice");
        }

        task.Policy = ToolPolicy.Required;
        task.ForcedTools.Add(name);
    }

    private static void ReadFormat(StrictObject body, ModelTask task)
    {
        if (body.Object("response_format") is not { } format)
        {
            return;
        }

        format.Only("type", "json_schema");
        format.Text("type");
        switch (format.Choice("type", "text", "json_object", "json_schema"))
        {
            case "json_object":
                task.AnyJson = true;
                break;
            case "json_schema":
                StrictObject named = format.Object("json_schema")?.Only("name", "description", "schema", "strict") ?? throw OpenAiWords.Instance.Missing("response_format.json_schema");
                string name = named.Text("name");
                task.Schema = named.Object("schema")?.Element ?? JsonDocument.Parse("{}").RootElement;
                if (named.Flag("strict") == true)
                {
                    StrictSchema.Check(task.Schema.Value, $"response_format '{name}'", "response_format");
                }

                break;
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    internal static partial Regex ToolName();
}

/// <summary>What OpenAI wants of a schema that it is to follow strictly.</summary>
internal static class StrictSchema
{
    public static void Check(JsonElement schema, string owner, string param)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            bool isClosed = schema.TryGetProperty("additionalProperties", out JsonElement additional) && additional.ValueKind == JsonValueKind.False;
            string[] required = schema.TryGetProperty("required", out JsonElement list) ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
            if (!isClosed)
            {
                throw Refuse(owner, "'additionalProperties' is required to be supplied and to be false", param);
            }

            foreach (JsonProperty property in properties.EnumerateObject())
            {
                if (!required.Contains(property.Name))
                {
                    throw Refuse(owner, $"'required' is required to be supplied and to be an array including every key in properties. Missing '{property.Name}'", param);
                }

                Check(property.Value, owner, param);
            }
        }

        if (schema.TryGetProperty("items", out JsonElement items))
        {
            Check(items, owner, param);
        }
    }

    private static WireRefusalException Refuse(string owner, string reason, string param) =>
        OpenAiWords.Refuse($"Invalid schema for {owner}: In context=(), {reason}.", param, param == "response_format" ? null : "invalid_function_parameters");
}
