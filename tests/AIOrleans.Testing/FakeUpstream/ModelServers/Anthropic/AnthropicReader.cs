using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads the body of <c>/v1/messages</c>.</summary>
internal static class AnthropicReader
{
    /// <summary>Marks of the cache in one request.</summary>
    private const int CacheMarksMax = 4;

    /// <summary>Least budget for thinking.</summary>
    private const long ThinkingMin = 1024;

    private static readonly string[] SamplingNames = ["temperature", "top_p", "top_k"];

    public static ModelTask Read(StrictObject body, string model, ServedCall call, bool countsOnly)
    {
        if (countsOnly)
        {
            body.Only("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "cache_control");
        }
        else
        {
            body.Only(
                "model", "messages", "max_tokens", "system", "stream", "stop_sequences", "temperature", "top_p", "top_k", "tools", "tool_choice", "thinking", "output_config", "output_format",
                "metadata", "cache_control", "service_tier", "container", "inference_geo");
        }

        if (call.Header("anthropic-version") == AnthropicWire.LaterVersion
            && Array.Find(SamplingNames, body.Has) is { } gone)
        {
            throw AnthropicWords.Instance.Unknown("", gone);
        }

        ModelTask task = new(model);
        if (!countsOnly)
        {
            task.OutputTokensMax = body.Whole("max_tokens", 1, 64_000) ?? throw AnthropicWords.Instance.Missing("max_tokens");
        }

        body.Needed("messages");
        ReadSampling(body, task, model);
        ReadTools(body, task);
        ReadThinking(body, task, model);
        ReadOutput(body, task);
        ReadSystem(body, task);
        AnthropicMessages.Read(body, task, call.Memory.Signatures);
        int marks = task.Prompt.Count(segment => segment.CacheTtl is not null);
        if (marks > CacheMarksMax)
        {
            throw AnthropicWords.Refuse($"A maximum of {CacheMarksMax} blocks with cache_control may be provided. Found {marks}.");
        }

        return task;
    }

    /// <summary>The lifetime that a cache mark asks for; null: there is none.</summary>
    public static string? CacheOf(StrictObject owner)
    {
        if (owner.Object("cache_control") is not { } mark)
        {
            return null;
        }

        mark.Only("type", "ttl").Text("type");
        mark.Choice("type", "ephemeral");
        return mark.Choice("ttl", "5m", "1h") ?? "5m";
    }

    private static void ReadSampling(StrictObject body, ModelTask task, string model)
    {
        decimal? temperature = body.Number("temperature", 0, 1);
        decimal? topP = body.Number("top_p", 0, 1);
        long? topK = body.Whole("top_k", 0, int.MaxValue);
        if (temperature is not null && topP is not null)
        {
            throw AnthropicWords.Refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
        }

        if (model == AnthropicWire.Opus && (temperature ?? topP ?? topK) is not null)
        {
            throw AnthropicWords.Refuse("`temperature` is deprecated for this model.");
        }

        task.Stops.AddRange(body.Texts("stop_sequences"));
        if (task.Stops.Any(string.IsNullOrWhiteSpace))
        {
            throw AnthropicWords.Refuse("stop_sequences: each stop sequence must contain non-whitespace");
        }

        task.Set("temperature", temperature);
        task.Set("top_p", topP);
        task.Set("top_k", topK);
        task.Set("max_tokens", task.OutputTokensMax);
        task.Set("user", body.Object("metadata")?.Only("user_id").TextOrNull("user_id"));
        body.Choice("service_tier", "auto", "standard_only");
    }

    private static void ReadTools(StrictObject body, ModelTask task)
    {
        foreach (StrictObject tool in body.Objects("tools"))
        {
            if (tool.TextOrNull("type") is not (null or "custom"))
            {
                throw AnthropicWords.Refuse($"{tool.Path}: this server has no tools of its own");
            }

            tool.Only("name", "description", "input_schema", "type", "cache_control", "strict", "input_examples", "eager_input_streaming", "defer_loading", "allowed_callers");
            string name = tool.Text("name");
            if (!ChatReader.ToolName().IsMatch(name))
            {
                throw AnthropicWords.Refuse($"{tool.Path}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
            }

            JsonElement schema = tool.Object("input_schema")?.Element ?? throw AnthropicWords.Instance.Missing($"{tool.Path}.custom.input_schema");
            if (!schema.TryGetProperty("type", out JsonElement type) || type.GetString() != "object")
            {
                throw AnthropicWords.Refuse($"{tool.Path}.custom.input_schema.type: Field required");
            }

            task.Tools.Add(new ModelTool(name, schema));
            task.Read($"{name} {tool.TextOrNull("description")}", CacheOf(tool));
        }

        if (body.Object("tool_choice") is not { } choice)
        {
            return;
        }

        choice.Only("type", "name", "disable_parallel_tool_use").Text("type");
        if (task.Tools.Count == 0)
        {
            throw AnthropicWords.Refuse("tool_choice: may only be specified while providing `tools`");
        }

        task.OneToolAtATime = choice.Flag("disable_parallel_tool_use") == true;
        task.Policy = choice.Choice("type", "auto", "any", "tool", "none") switch { "any" or "tool" => ToolPolicy.Required, "none" => ToolPolicy.None, _ => ToolPolicy.Auto };
        if (choice.Choice("type", "auto", "any", "tool", "none") == "tool")
        {
            string name = choice.Text("name");
            task.ForcedTools.Add(task.Tools.Any(tool => tool.Name == name) ? name : throw AnthropicWords.Refuse($"Tool '{name}' not found in provided tools"));
        }
    }

    private static void ReadThinking(StrictObject body, ModelTask task, string model)
    {
        if (body.Object("thinking") is not { } thinking)
        {
            return;
        }

        thinking.Only("type", "budget_tokens", "display").Text("type");
        string? type = thinking.Choice("type", "enabled", "adaptive", "disabled");
        task.Thinks = type is "enabled" or "adaptive";
        if (type == "adaptive" && model != AnthropicWire.Opus)
        {
            throw AnthropicWords.Refuse("adaptive thinking is not supported on this model");
        }

        if (type == "enabled")
        {
            if (model == AnthropicWire.Opus)
            {
                throw AnthropicWords.Refuse("\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
            }

            long budget = thinking.Whole("budget_tokens", 0, int.MaxValue) ?? throw AnthropicWords.Instance.Missing("thinking.enabled.budget_tokens");
            if (budget < ThinkingMin)
            {
                throw AnthropicWords.Refuse($"thinking.enabled.budget_tokens: Input should be greater than or equal to {ThinkingMin}");
            }

            if (budget >= task.OutputTokensMax)
            {
                throw AnthropicWords.Refuse("`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size");
            }

            task.Set("thinking", budget);
        }

        if (task.Thinks && task.Settings.TryGetValue("temperature", out string? temperature) && temperature != "1")
        {
            throw AnthropicWords.Refuse("`temperature` may only be set to 1 when thinking is enabled.");
        }

        if (task.Thinks && task.Policy == ToolPolicy.Required)
        {
            throw AnthropicWords.Refuse("Thinking may not be enabled when tool_choice forces tool use.");
        }
    }

    private static void ReadOutput(StrictObject body, ModelTask task)
    {
        StrictObject? config = body.Object("output_config")?.Only("effort", "format");
        if ((config?.Object("format") ?? body.Object("output_format")) is { } format)
        {
            format.Only("type", "schema").Text("type");
            format.Choice("type", "json_schema");
            task.Schema = format.Object("schema")?.Element ?? throw AnthropicWords.Instance.Missing(format.PathOf("schema"));
            ClosedSchema.Check(task.Schema.Value, format.PathOf("schema"));
        }

        task.Set("effort", config?.Choice("effort", "low", "medium", "high", "xhigh", "max"));
    }

    private static void ReadSystem(StrictObject body, ModelTask task)
    {
        if (body.Any("system") is { ValueKind: JsonValueKind.String } text)
        {
            task.Instructions = text.GetString() ?? "";
            task.Read(task.Instructions);
            return;
        }

        List<string> texts = [];
        foreach (StrictObject block in body.Objects("system"))
        {
            block.Only("type", "text", "cache_control", "citations").Choice("type", "text");
            texts.Add(block.Text("text"));
            task.Read(texts[^1], CacheOf(block));
        }

        task.Instructions = string.Join(" + ", texts);
    }
}
