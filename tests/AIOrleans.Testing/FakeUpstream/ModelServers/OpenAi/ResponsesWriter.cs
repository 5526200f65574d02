using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Writes an answer as a response or as the events of one.</summary>
internal sealed class ResponsesWriter(ServedCall call, StrictObject request, string model, ModelTask task, ModelAnswer answer)
{
    /// <summary>Characters of a piece of a call's arguments.</summary>
    private const int ArgumentsPiece = 7;

    private readonly List<string> frames = [];

    public string Id => "resp_" + call.Id;

    public string CallId(int at) => $"call_{call.Id}{at}";

    public JsonObject ToBody(bool isWhole)
    {
        bool isCut = isWhole && answer.End == AnswerEnd.TooLong;
        JsonObject body = new()
        {
            ["id"] = Id,
            ["object"] = "response",
            ["created_at"] = OpenAiWire.CreatedAt,
            ["status"] = !isWhole ? "in_progress" : isCut ? "incomplete" : "completed",
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = isCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = request.TextOrNull("instructions"),
            ["max_output_tokens"] = task.OutputTokensMax,
            ["model"] = model + "-2025-04-14",
            ["output"] = new JsonArray(isWhole ? [.. Items().Select(item => (JsonNode)item)] : []),
            ["parallel_tool_calls"] = !task.OneToolAtATime,
            ["previous_response_id"] = request.TextOrNull("previous_response_id"),
            ["reasoning"] = new JsonObject { ["effort"] = task.Settings.GetValueOrDefault("effort"), ["summary"] = null },
            ["service_tier"] = "default",
            ["store"] = request.Flag("store") ?? true,
            ["temperature"] = 1.0,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = isWhole && call.Bill?.Fault.Kind != FaultKind.HidesUsage ? UsageOf(answer.Usage) : null,
            ["user"] = null,
            ["metadata"] = new JsonObject(),
        };
        return body;
    }

    public List<string> Frames()
    {
        Add("response.created", new JsonObject { ["response"] = ToBody(isWhole: false) });
        Add("response.in_progress", new JsonObject { ["response"] = ToBody(isWhole: false) });
        int index = 0;
        foreach (JsonObject item in Items())
        {
            AddItem(item, index++);
        }

        Add(answer.End == AnswerEnd.TooLong ? "response.incomplete" : "response.completed", new JsonObject { ["response"] = ToBody(isWhole: true) });
        return [.. frames];
    }

    /// <summary>The event of an answer that failed on the way.</summary>
    public string Failure()
    {
        JsonObject failed = ToBody(isWhole: false);
        failed["status"] = "failed";
        failed["error"] = new JsonObject { ["code"] = "server_error", ["message"] = "The server had an error while processing your request. Sorry about that!" };
        Add("response.failed", new JsonObject { ["response"] = failed });
        return frames[^1];
    }

    private void Add(string type, JsonObject members)
    {
        JsonObject written = new() { ["type"] = type, ["sequence_number"] = frames.Count };
        foreach ((string name, JsonNode? value) in members.ToArray())
        {
            members.Remove(name);
            written[name] = value;
        }

        frames.Add($"event: {type}\ndata: {ServedCall.Json(written)}\n\n");
    }

    private void AddItem(JsonObject item, int index)
    {
        string id = (string?)item["id"] ?? "";
        JsonObject begun = (JsonObject)item.DeepClone();
        begun["status"] = "in_progress";
        string type = (string?)item["type"] ?? "";
        begun[type == "function_call" ? "arguments" : type == "message" ? "content" : "summary"] = type == "function_call" ? "" : new JsonArray();
        Add("response.output_item.added", new JsonObject { ["output_index"] = index, ["item"] = begun });
        if (type == "message")
        {
            AddText(id, index);
        }
        else if (type == "function_call")
        {
            string arguments = (string?)item["arguments"] ?? "";
            foreach (char[] piece in arguments.Chunk(ArgumentsPiece))
            {
                Add("response.function_call_arguments.delta", new JsonObject { ["item_id"] = id, ["output_index"] = index, ["delta"] = new string(piece) });
            }

            Add("response.function_call_arguments.done", new JsonObject { ["item_id"] = id, ["output_index"] = index, ["arguments"] = arguments, ["name"] = (string?)item["name"] });
        }

        Add("response.output_item.done", new JsonObject { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private void AddText(string id, int index)
    {
        JsonObject At(string name, JsonNode? value) => new() { ["item_id"] = id, ["output_index"] = index, ["content_index"] = 0, [name] = value };
        Add("response.content_part.added", At("part", Text("")));
        foreach (string piece in Words.Split(answer.Text))
        {
            JsonObject delta = At("delta", piece);
            delta["logprobs"] = new JsonArray();
            Add("response.output_text.delta", delta);
        }

        JsonObject done = At("text", answer.Text);
        done["logprobs"] = new JsonArray();
        Add("response.output_text.done", done);
        Add("response.content_part.done", At("part", Text(answer.Text)));
    }

    private IEnumerable<JsonObject> Items()
    {
        if (answer.Thought is { } thought)
        {
            yield return new JsonObject
            {
                ["id"] = "rs_" + call.Id,
                ["type"] = "reasoning",
                ["summary"] = task.ShowsThoughts ? new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = thought }) : new JsonArray(),
            };
        }

        for (int at = 0; at < answer.Calls.Count; at++)
        {
            yield return new JsonObject
            {
                ["id"] = $"fc_{call.Id}{at}",
                ["type"] = "function_call",
                ["status"] = "completed",
                ["arguments"] = answer.Calls[at].Arguments,
                ["call_id"] = CallId(at),
                ["name"] = answer.Calls[at].Name,
            };
        }

        if (answer.Calls.Count == 0)
        {
            yield return new JsonObject
            {
                ["id"] = "msg_" + call.Id,
                ["type"] = "message",
                ["status"] = answer.End == AnswerEnd.TooLong ? "incomplete" : "completed",
                ["content"] = new JsonArray(Text(answer.Text)),
                ["role"] = "assistant",
            };
        }
    }

    private static JsonObject Text(string text) => new() { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray(), ["text"] = text };

    private static JsonObject UsageOf(TokenUsage usage) => new()
    {
        ["input_tokens"] = usage.TotalInput,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CacheRead },
        ["output_tokens"] = usage.TotalOutput,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        ["total_tokens"] = usage.Total,
    };
}
