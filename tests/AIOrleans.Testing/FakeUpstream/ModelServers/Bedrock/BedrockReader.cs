using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads the body of <c>Converse</c>, and what Anthropic's models take beside it in <c>additionalModelRequestFields</c>.</summary>
internal static class BedrockReader
{
    /// <summary>Least budget for thinking.</summary>
    private const long ThinkingMin = 1024;

    private const long OutputTokensMax = 64_000;

    public static ModelTask Read(StrictObject body, string model, Signatures signatures, bool countsOnly)
    {
        if (countsOnly)
        {
            body.Only("messages", "system", "toolConfig", "additionalModelRequestFields");
        }
        else
        {
            body.Only(
                "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "promptVariables",
                "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig");
        }

        ModelTask task = new(model);
        body.Needed("messages");
        ReadInference(body.Object("inferenceConfig"), task);
        ReadTools(body.Object("toolConfig"), task);
        ReadExtras(body.Object("additionalModelRequestFields"), task);
        ReadFormat(body.Object("outputConfig"), task);
        ReadSystem(body, task);
        new BedrockMessages(task, signatures).Read(body);
        return task;
    }

    /// <summary>Takes a cache point for a mark behind what was read last.</summary>
    /// <returns>False: the block is something else.</returns>
    public static bool IsCachePoint(StrictObject block, ModelTask task)
    {
        if (block.Object("cachePoint") is not { } point)
        {
            return false;
        }

        block.Only("cachePoint");
        point.Only("type", "ttl").Text("type");
        point.Choice("type", "default");
        string ttl = point.Choice("ttl", "5m", "1h") ?? "5m";
        if (task.Prompt.Count == 0)
        {
            throw BedrockWords.Refuse("A cache point must follow content.");
        }

        task.Prompt[^1] = task.Prompt[^1] with { CacheTtl = ttl };
        return true;
    }

    private static void ReadInference(StrictObject? config, ModelTask task)
    {
        if (config is not { } inference)
        {
            return;
        }

        inference.Only("maxTokens", "temperature", "topP", "stopSequences");
        task.OutputTokensMax = inference.Whole("maxTokens", 1, OutputTokensMax);
        decimal? temperature = inference.Number("temperature", 0, 1);
        decimal? topP = inference.Number("topP", 0, 1);
        if (temperature is not null && topP is not null)
        {
            throw BedrockWords.Refuse("The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. Please use only one.");
        }

        task.Stops.AddRange(inference.Texts("stopSequences"));
        task.Set("max_tokens", task.OutputTokensMax);
        task.Set("temperature", temperature);
        task.Set("top_p", topP);
    }

    private static void ReadTools(StrictObject? config, ModelTask task)
    {
        if (config is not { } given)
        {
            return;
        }

        foreach (StrictObject tool in given.Only("tools", "toolChoice").Objects("tools"))
        {
            if (!IsCachePoint(tool, task))
            {
                ReadTool(tool.Only("toolSpec").Object("toolSpec") ?? throw BedrockWords.Instance.Missing(tool.PathOf("toolSpec")), task);
            }
        }

        if (task.Tools.Count == 0)
        {
            throw BedrockWords.BadCount("toolConfig.tools");
        }

        if (given.Object("toolChoice") is { } choice)
        {
            ReadChoice(choice.Only("auto", "any", "tool"), task);
        }
    }

    private static void ReadTool(StrictObject spec, ModelTask task)
    {
        spec.Only("name", "description", "inputSchema", "strict");
        string name = spec.Text("name");
        if (name.Length > 64 || !ChatReader.ToolName().IsMatch(name))
        {
            throw BedrockWords.Instance.BadValue(spec.PathOf("name"), "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+");
        }

        StrictObject schema = spec.Object("inputSchema")?.Only("json").Object("json") ?? throw BedrockWords.Instance.Missing(spec.PathOf("inputSchema.json"));
        if (schema.TextOrNull("type") != "object")
        {
            throw BedrockWords.Refuse($"The value at {schema.Path}.type must be one of the following: object.");
        }

        task.Tools.Add(new ModelTool(name, schema.Element));
        task.Read($"{name} {spec.TextOrNull("description")}");
    }

    private static void ReadChoice(StrictObject choice, ModelTask task)
    {
        task.Policy = choice.Has("auto") ? ToolPolicy.Auto : ToolPolicy.Required;
        if (choice.Object("tool")?.Only("name").Text("name") is { } name)
        {
            task.ForcedTools.Add(task.Tools.Any(tool => tool.Name == name) ? name : throw BedrockWords.Refuse($"Tool '{name}' not found in provided tools"));
        }
    }

    private static void ReadExtras(StrictObject? extras, ModelTask task)
    {
        if (extras is not { } given)
        {
            return;
        }

        given.Only("top_k", "thinking", "anthropic_beta");
        task.Set("top_k", given.Whole("top_k", 0, int.MaxValue));
        if (given.Object("thinking") is not { } thinking)
        {
            return;
        }

        thinking.Only("type", "budget_tokens").Text("type");
        task.Thinks = thinking.Choice("type", "enabled", "disabled") == "enabled";
        if (!task.Thinks)
        {
            return;
        }

        long budget = thinking.Whole("budget_tokens", ThinkingMin, int.MaxValue) ?? throw BedrockWords.Instance.Missing("thinking.budget_tokens");
        task.Set("thinking", budget);
        if (task.OutputTokensMax is { } most && budget >= most)
        {
            throw BedrockWords.Refuse("The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`.");
        }

        if (task.Policy == ToolPolicy.Required)
        {
            throw BedrockWords.Refuse("The model returned the following errors: Thinking may not be enabled when tool_choice forces tool use.");
        }
    }

    private static void ReadFormat(StrictObject? config, ModelTask task)
    {
        if (config?.Only("textFormat").Object("textFormat") is not { } format)
        {
            return;
        }

        format.Only("type", "structure").Choice("type", "json_schema");
        StrictObject schema = format.Object("structure")?.Only("jsonSchema").Object("jsonSchema")?.Only("schema", "name", "description")
            ?? throw BedrockWords.Instance.Missing(format.PathOf("structure.jsonSchema"));
        using JsonDocument written = JsonDocument.Parse(schema.Text("schema"));
        task.Schema = written.RootElement.Clone();
        ClosedSchema.Check(task.Schema.Value, schema.PathOf("schema"));
    }

    private static void ReadSystem(StrictObject body, ModelTask task)
    {
        List<string> texts = [];
        foreach (StrictObject block in body.Objects("system"))
        {
            if (!IsCachePoint(block, task))
            {
                texts.Add(block.Only("text").Text("text"));
                task.Read(texts[^1]);
            }
        }

        task.Instructions = string.Join(" + ", texts);
    }
}
