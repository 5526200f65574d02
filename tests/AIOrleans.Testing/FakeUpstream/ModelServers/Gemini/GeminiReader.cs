using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads the body of <c>:generateContent</c>, in camel or snake case.</summary>
internal static class GeminiReader
{
    private const int BudgetMin = 512;
    private const int BudgetMax = 24_576;

    public static ModelTask Read(StrictObject body, string model, Signatures signatures)
    {
        body.Only("model", "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent", "serviceTier", "store");
        ModelTask task = new(model) { Thinks = model == GeminiWire.Pro };
        ReadTools(body, task);
        if (body.Object("systemInstruction") is { } system)
        {
            system.Only("parts", "role");
            List<string> texts = [.. system.Objects("parts").Select(part => part.Only("text").Text("text"))];
            texts.ForEach(text => task.Read(text));
            task.Instructions = string.Join(" + ", texts);
        }

        if (body.Object("generationConfig") is { } config)
        {
            ReadConfig(config, task);
        }

        foreach (StrictObject setting in body.Objects("safetySettings"))
        {
            task.Set("safety", setting.Only("category", "threshold", "method").Text("category") + "=" + setting.Text("threshold"));
        }

        if (body.TextOrNull("cachedContent") is { } cached)
        {
            throw new WireRefusalException(403, "PERMISSION_DENIED", $"CachedContent not found (or permission denied): {cached}");
        }

        body.Needed("contents");
        GeminiContents.Read(body, task, signatures, needsSignatures: model == GeminiWire.Pro);
        return task;
    }

    private static void ReadTools(StrictObject body, ModelTask task)
    {
        foreach (StrictObject tool in body.Objects("tools"))
        {
            tool.Only("functionDeclarations", "googleSearch", "codeExecution", "urlContext");
            foreach (StrictObject function in tool.Objects("functionDeclarations"))
            {
                function.Only("name", "description", "behavior", "parameters", "parametersJsonSchema", "response", "responseJsonSchema");
                if (function.Has("parameters") && function.Has("parametersJsonSchema"))
                {
                    throw GeminiWords.Refuse("parameters and parameters_json_schema must not both be set");
                }

                if (function.Object("parameters") is { } schema)
                {
                    GoogleSchema.Check(schema);
                }

                string name = function.Text("name");
                task.Tools.Add(new ModelTool(name, function.Any("parametersJsonSchema") ?? function.Any("parameters")));
                task.Read($"{name} {function.TextOrNull("description")}");
            }
        }

        if (body.Object("toolConfig")?.Only("functionCallingConfig", "retrievalConfig").Object("functionCallingConfig") is not { } config)
        {
            return;
        }

        config.Only("mode", "allowedFunctionNames");
        string? mode = config.Choice("mode", "MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED");
        task.Policy = mode switch { "ANY" => ToolPolicy.Required, "NONE" => ToolPolicy.None, _ => ToolPolicy.Auto };
        task.ForcedTools.AddRange(config.Texts("allowedFunctionNames"));
        if (task.ForcedTools.Count > 0 && mode is not ("ANY" or "VALIDATED"))
        {
            throw GeminiWords.Refuse("Allowed function names can only be set when the function calling mode is ANY.");
        }

        if (task.Policy == ToolPolicy.Required && task.Tools.Count == 0)
        {
            throw GeminiWords.Refuse("Function calling config is set without function_declarations.");
        }

        if (task.ForcedTools.FirstOrDefault(name => !task.Tools.Any(tool => tool.Name == name)) is { } unknown)
        {
            throw GeminiWords.Refuse($"Allowed function name '{unknown}' is not in the function declarations.");
        }
    }

    private static void ReadConfig(StrictObject config, ModelTask task)
    {
        config.Only(
            "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed",
            "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "speechConfig", "thinkingConfig", "imageConfig", "mediaResolution", "enableEnhancedCivicAnswers");
        task.Stops.AddRange(config.Texts("stopSequences"));
        if (task.Stops.Count > 5)
        {
            throw GeminiWords.Refuse("Only up to 5 stop sequences are supported.");
        }

        task.OutputTokensMax = config.Whole("maxOutputTokens", 1, 65_537);
        task.Candidates = (int)(config.Whole("candidateCount", 1, 8) ?? 1);
        task.Set("temperature", config.Number("temperature", 0, 2));
        task.Set("top_p", config.Number("topP", 0, 1));
        task.Set("top_k", config.Number("topK", 1, 64));
        task.Set("max_tokens", task.OutputTokensMax);
        task.Set("seed", config.Whole("seed", int.MinValue, int.MaxValue));
        task.Set("presence_penalty", config.Number("presencePenalty", -2, 2));
        task.Set("frequency_penalty", config.Number("frequencyPenalty", -2, 2));
        ReadFormat(config, task);
        if (config.Object("thinkingConfig") is { } thinking)
        {
            ReadThinking(thinking.Only("includeThoughts", "thinkingBudget", "thinkingLevel"), task);
        }
    }

    private static void ReadFormat(StrictObject config, ModelTask task)
    {
        string? type = config.Choice("responseMimeType", "text/plain", "application/json", "text/x.enum");
        if (config.Object("responseSchema") is { } schema)
        {
            GoogleSchema.Check(schema);
        }

        task.Schema = config.Any("responseJsonSchema") ?? config.Any("responseSchema");
        task.AnyJson = type == "application/json" && task.Schema is null;
        if (task.Schema is not null && type is not ("application/json" or "text/x.enum"))
        {
            throw GeminiWords.Refuse("Response schema is only supported with response mime type application/json.");
        }

        if (type == "application/json" && task.Tools.Count > 0 && task.Model == GeminiWire.Lite)
        {
            throw GeminiWords.Refuse("Function calling with a response mime type: 'application/json' is unsupported");
        }
    }

    private static void ReadThinking(StrictObject thinking, ModelTask task)
    {
        long? budget = thinking.Whole("thinkingBudget", -1, int.MaxValue);
        string? level = thinking.Choice("thinkingLevel", "THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "low", "high");
        if (budget is not null && level is not null)
        {
            throw GeminiWords.Refuse("You can only set only one of thinking budget and thinking level.");
        }

        if (task.Model == GeminiWire.Lite && level is not null)
        {
            throw GeminiWords.Refuse("Thinking level is not supported for this model.");
        }

        if (budget is not (null or -1 or 0) and (< BudgetMin or > BudgetMax))
        {
            throw GeminiWords.Refuse($"The thinking budget {budget} is invalid. Please choose a value between {BudgetMin} and {BudgetMax}.");
        }

        if (budget == 0 && task.Model == GeminiWire.Pro)
        {
            throw GeminiWords.Refuse("Budget 0 is invalid. This model only works in thinking mode.");
        }

        task.Thinks = task.Thinks || (budget is not (null or 0));
        task.Set("thinking", budget);
        task.Set("effort", level);
        if (thinking.Flag("includeThoughts") == true)
        {
            if (!task.Thinks)
            {
                throw GeminiWords.Refuse("Unable to submit request because Thoughts are only enabled when thinking is enabled.");
            }

            task.ShowsThoughts = true;
        }
    }
}

/// <summary>Google's own dialect of schemas, where JSON schema's further words are unknown.</summary>
internal static class GoogleSchema
{
    public static void Check(StrictObject schema)
    {
        schema.Only(
            "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties", "minLength", "maxLength",
            "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum");
        if (schema.Object("properties") is { } properties)
        {
            foreach (JsonProperty property in properties.Element.EnumerateObject())
            {
                Check(new StrictObject(property.Value, $"{properties.Path}[{property.Name}].value", GeminiWords.Instance));
            }
        }

        if (schema.Object("items") is { } items)
        {
            Check(items);
        }
    }
}
