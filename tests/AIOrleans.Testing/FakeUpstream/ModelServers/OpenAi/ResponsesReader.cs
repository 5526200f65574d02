using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads the body of <c>/responses</c>.</summary>
internal static class ResponsesReader
{
    public static ModelTask Read(StrictObject body, string model, ServerMemory memory)
    {
        body.Only(
            "background", "conversation", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "model", "parallel_tool_calls", "previous_response_id",
            "prompt", "prompt_cache_key", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature", "text",
            "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user");
        ModelTask task = new(model);
        if (body.TextOrNull("previous_response_id") is { } previous)
        {
            Continue(task, memory.Conversations.GetValueOrDefault(previous)
                ?? throw OpenAiWords.Refuse($"Previous response with id '{previous}' not found.", "previous_response_id", "previous_response_not_found"));
        }

        ReadParameters(body, task);
        ReadTools(body, task);
        ReadFormat(body, task);
        task.Instructions = body.TextOrNull("instructions") ?? "";
        task.Read(task.Instructions);
        if (body.Needed("input").ValueKind == JsonValueKind.String)
        {
            task.Read(body.Text("input"));
            task.Turns.Add(new ModelTurn(false, [new ModelPart.Text(body.Text("input"))]));
            return task;
        }

        foreach (StrictObject item in body.Objects("input"))
        {
            ReadItem(item, task);
        }

        CheckCalls(task);
        return task;
    }

    private static void Continue(ModelTask task, ModelTask before)
    {
        task.Turns.AddRange(before.Turns.Select(turn => new ModelTurn(turn.IsModels, [.. turn.Parts])));
        task.Prompt.AddRange(before.Prompt);
    }

    private static void ReadParameters(StrictObject body, ModelTask task)
    {
        bool reasons = OpenAiModels.Reasons(task.Model);
        decimal? temperature = body.Number("temperature", 0, 2);
        if (reasons && temperature is not (null or 1))
        {
            throw OpenAiWords.Refuse("Unsupported parameter: 'temperature' is not supported with this model.", "temperature");
        }

        StrictObject? reasoning = body.Object("reasoning")?.Only("effort", "summary", "generate_summary");
        string? effort = reasoning?.Choice("effort", "none", "minimal", "low", "medium", "high", "xhigh");
        if (!reasons && effort is not null)
        {
            throw OpenAiWords.Refuse("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort", "unsupported_parameter");
        }

        task.Thinks = reasons && effort is not "none";
        task.ShowsThoughts = reasoning?.Has("summary") == true;
        task.OutputTokensMax = body.Whole("max_output_tokens", 16, int.MaxValue);
        task.OneToolAtATime = body.Flag("parallel_tool_calls") == false;
        task.Set("temperature", temperature);
        task.Set("top_p", body.Number("top_p", 0, 1));
        task.Set("max_tokens", task.OutputTokensMax);
        task.Set("effort", effort);
        task.Set("user", body.TextOrNull("user"));
    }

    private static void ReadTools(StrictObject body, ModelTask task)
    {
        foreach (StrictObject tool in body.Objects("tools"))
        {
            tool.Only("type", "name", "description", "parameters", "strict").Text("type");
            tool.Choice("type", "function");
            string name = tool.Text("name");
            task.Tools.Add(new ModelTool(name, tool.Object("parameters")?.Element));
            task.Read($"{name} {tool.TextOrNull("description")}");
        }

        if (body.Any("tool_choice") is { ValueKind: JsonValueKind.Object })
        {
            task.Policy = ToolPolicy.Required;
            task.ForcedTools.Add(body.Object("tool_choice")?.Only("type", "name").Text("name") ?? "");
        }
        else
        {
            task.Policy = body.Choice("tool_choice", "none", "auto", "required") switch { "none" => ToolPolicy.None, "required" => ToolPolicy.Required, _ => ToolPolicy.Auto };
        }
    }

    private static void ReadFormat(StrictObject body, ModelTask task)
    {
        StrictObject? text = body.Object("text")?.Only("format", "verbosity");
        task.Set("verbosity", text?.Choice("verbosity", "low", "medium", "high"));
        if (text?.Object("format") is not { } format)
        {
            return;
        }

        format.Only("type", "name", "description", "schema", "strict").Text("type");
        if (format.Choice("type", "text", "json_object", "json_schema") == "json_schema")
        {
            string name = format.Text("name");
            task.Schema = format.Object("schema")?.Element ?? throw OpenAiWords.Instance.Missing("text.format.schema");
            if (format.Flag("strict") == true)
            {
                StrictSchema.Check(task.Schema.Value, $"response_format '{name}'", "text.format.schema");
            }
        }

        task.AnyJson = format.TextOrNull("type") == "json_object";
    }

    private static void ReadItem(StrictObject item, ModelTask task)
    {
        switch (item.TextOrNull("type") ?? "message")
        {
            case "message":
                ReadMessage(item.Only("type", "role", "content", "id", "status", "phase"), task);
                break;
            case "function_call":
                item.Only("type", "id", "call_id", "name", "arguments", "status");
                task.Read(item.Text("arguments"));
                Turn(task, isModels: true).Parts.Add(new ModelPart.Call(item.Text("call_id"), item.Text("name"), JsonSerializer.SerializeToElement(item.Text("arguments"))));
                break;
            case "function_call_output":
                item.Only("type", "id", "call_id", "output", "status");
                string output = item.Needed("output").ValueKind == JsonValueKind.String
                    ? item.Text("output")
                    : string.Concat(item.Objects("output").Select(part => part.Text("text")));
                task.Read(output);
                Turn(task, isModels: false).Parts.Add(new ModelPart.Result(item.Text("call_id"), null, output, IsError: false));
                break;
            case "reasoning":
                item.Only("type", "id", "summary", "content", "encrypted_content", "status").Needed("summary");
                Turn(task, isModels: true).Parts.Add(new ModelPart.Thought());
                break;
            default:
                throw OpenAiWords.Instance.BadValue(item.PathOf("type"), $"'{item.Text("type")}'. Supported values are: 'function_call', 'function_call_output', 'message', and 'reasoning'");
        }
    }

    private static void ReadMessage(StrictObject message, ModelTask task)
    {
        string role = message.Text("role");
        message.Choice("role", "assistant", "system", "developer", "user");
        List<ModelPart> parts = message.Needed("content").ValueKind == JsonValueKind.String
            ? [new ModelPart.Text(message.Text("content"))]
            : [.. message.Objects("content").Select(part => ReadPart(part, role == "assistant"))];
        foreach (ModelPart part in parts)
        {
            if (part is ModelPart.Media media)
            {
                task.Read(media);
            }
            else if (part is ModelPart.Text text)
            {
                task.Read(text.Value);
            }
        }

        if (role is "system" or "developer")
        {
            task.Instructions += string.Concat(parts.OfType<ModelPart.Text>().Select(text => text.Value));
        }
        else
        {
            task.Turns.Add(new ModelTurn(role == "assistant", parts));
        }
    }

    private static ModelPart ReadPart(StrictObject part, bool isModels)
    {
        switch (part.Text("type"), isModels)
        {
            case ("input_text", false):
                return new ModelPart.Text(part.Only("type", "text").Text("text"));
            case ("output_text", true):
                return new ModelPart.Text(part.Only("type", "text", "annotations", "logprobs").Text("text"));
            case ("input_image", false):
                part.Only("type", "image_url", "detail", "file_id");
                return ChatMessages.OfAddress(part.Text("image_url"), part.PathOf("image_url"));
            case ("input_file", false):
                part.Only("type", "file_data", "file_id", "file_url", "filename");
                return part.TextOrNull("file_url") is { } url ? new ModelPart.Media("url", url) : ChatMessages.OfAddress(part.Text("file_data"), part.PathOf("file_data"));
            default:
                throw OpenAiWords.Instance.BadValue(part.PathOf("type"), $"'{part.Text("type")}'. Supported values are: {(isModels ? "'output_text' and 'refusal'" : "'input_text', 'input_image', and 'input_file'")}");
        }
    }

    private static ModelTurn Turn(ModelTask task, bool isModels)
    {
        if (task.Turns.Count == 0 || task.Turns[^1].IsModels != isModels || (!isModels && task.Turns[^1].Text.Length > 0))
        {
            task.Turns.Add(new ModelTurn(isModels, []));
        }

        return task.Turns[^1];
    }

    private static void CheckCalls(ModelTask task)
    {
        string[] calls = [.. task.Turns.SelectMany(turn => turn.Parts).OfType<ModelPart.Call>().Select(call => call.Id)];
        string[] results = [.. task.Turns.SelectMany(turn => turn.Parts).OfType<ModelPart.Result>().Select(result => result.CallId)];
        if (calls.Except(results).FirstOrDefault() is { } open)
        {
            throw OpenAiWords.Refuse($"No tool output found for function call {open}.", "input");
        }

        if (results.Except(calls).FirstOrDefault() is { } orphan)
        {
            throw OpenAiWords.Refuse($"No tool call found for function call output with call_id {orphan}.", "input");
        }
    }
}
