using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Writes an answer as a message or as the events of one.</summary>
internal sealed class AnthropicWriter(ServedCall call, string model, ModelAnswer answer)
{
    /// <summary>Characters of a piece of a tool's input.</summary>
    private const int InputPiece = 7;

    private bool HidesUsage => call.Bill?.Fault.Kind == FaultKind.HidesUsage;

    public JsonObject ToBody()
    {
        JsonObject message = Head();
        message["content"] = new JsonArray([.. Blocks().Select(block => (JsonNode)block)]);
        message["stop_reason"] = StopReason();
        message["stop_sequence"] = answer.StoppedBy;
        if (!HidesUsage)
        {
            message["usage"] = Usage(answer.Usage.TotalOutput, isWhole: true);
        }

        return message;
    }

    public List<string> Frames()
    {
        List<string> frames = [];
        void Add(string type, JsonObject members)
        {
            JsonObject written = new() { ["type"] = type };
            foreach ((string name, JsonNode? value) in members.ToArray())
            {
                members.Remove(name);
                written[name] = value;
            }

            frames.Add($"event: {type}\ndata: {ServedCall.Json(written)}\n\n");
        }

        JsonObject message = Head();
        message["content"] = new JsonArray();
        message["stop_reason"] = null;
        message["stop_sequence"] = null;
        message["usage"] = HidesUsage ? new JsonObject() : Usage(1, isWhole: false);
        Add("message_start", new JsonObject { ["message"] = message });
        int index = 0;
        foreach (JsonObject block in Blocks())
        {
            Add("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = Emptied(block) });
            if (index == 0)
            {
                Add("ping", []);
            }

            foreach (JsonObject delta in Deltas(block))
            {
                Add("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });
            }

            Add("content_block_stop", new JsonObject { ["index"] = index });
            index++;
        }

        JsonObject end = new() { ["delta"] = new JsonObject { ["stop_reason"] = StopReason(), ["stop_sequence"] = answer.StoppedBy } };
        end["usage"] = HidesUsage ? new JsonObject() : Usage(answer.Usage.TotalOutput, isWhole: false);
        Add("message_delta", end);
        Add("message_stop", []);
        return frames;
    }

    private JsonObject Head() => new()
    {
        ["model"] = model + "-20250929",
        ["id"] = "msg_" + call.Id,
        ["type"] = "message",
        ["role"] = "assistant",
    };

    private IEnumerable<JsonObject> Blocks()
    {
        if (answer.Thought is { } thought)
        {
            yield return new JsonObject { ["type"] = "thinking", ["thinking"] = thought, ["signature"] = call.Memory.Signatures.Sign(thought) };
        }

        if (answer.Text.Length > 0)
        {
            yield return new JsonObject { ["type"] = "text", ["text"] = answer.Text };
        }

        for (int at = 0; at < answer.Calls.Count; at++)
        {
            yield return new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = $"toolu_{call.Id}{at}",
                ["name"] = answer.Calls[at].Name,
                ["input"] = JsonNode.Parse(answer.Calls[at].Arguments),
            };
        }
    }

    private static JsonObject Emptied(JsonObject block)
    {
        JsonObject empty = (JsonObject)block.DeepClone();
        switch ((string?)block["type"])
        {
            case "thinking":
                empty["thinking"] = "";
                empty["signature"] = "";
                break;
            case "text":
                empty["text"] = "";
                break;
            default:
                empty["input"] = new JsonObject();
                break;
        }

        return empty;
    }

    private static IEnumerable<JsonObject> Deltas(JsonObject block)
    {
        switch ((string?)block["type"])
        {
            case "thinking":
                foreach (string piece in Words.Split((string?)block["thinking"] ?? ""))
                {
                    yield return new JsonObject { ["type"] = "thinking_delta", ["thinking"] = piece };
                }

                yield return new JsonObject { ["type"] = "signature_delta", ["signature"] = (string?)block["signature"] };
                break;
            case "text":
                foreach (string piece in Words.Split((string?)block["text"] ?? ""))
                {
                    yield return new JsonObject { ["type"] = "text_delta", ["text"] = piece };
                }

                break;
            default:
                yield return new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = "" };
                foreach (char[] piece in ServedCall.Json(block["input"]).Chunk(InputPiece))
                {
                    yield return new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = new string(piece) };
                }

                break;
        }
    }

    private string StopReason() => answer.End switch
    {
        AnswerEnd.Tools => "tool_use",
        AnswerEnd.TooLong => "max_tokens",
        AnswerEnd.StopSequence => "stop_sequence",
        _ => "end_turn",
    };

    private JsonObject Usage(long output, bool isWhole)
    {
        TokenUsage usage = answer.Usage;
        JsonObject told = new()
        {
            ["input_tokens"] = usage.UncachedInput,
            ["cache_creation_input_tokens"] = usage.CacheWrite5m + usage.CacheWrite1h,
            ["cache_read_input_tokens"] = usage.CacheRead,
            ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = usage.CacheWrite5m, ["ephemeral_1h_input_tokens"] = usage.CacheWrite1h },
            ["output_tokens"] = output,
        };
        if (usage.Reasoning > 0 && output == usage.TotalOutput)
        {
            told["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage.Reasoning };
        }

        if (isWhole)
        {
            told["service_tier"] = "standard";
        }

        return told;
    }
}
