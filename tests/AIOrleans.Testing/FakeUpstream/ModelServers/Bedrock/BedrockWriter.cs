using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Writes an answer as a body of <c>Converse</c> or as the frames of <c>ConverseStream</c>.</summary>
/// <param name="tellsStop">True when the caller asked for the stop sequence that was met.</param>
internal sealed class BedrockWriter(ServedCall call, ModelAnswer answer, bool tellsStop)
{
    /// <summary>Characters of a piece of a tool's input.</summary>
    private const int InputPiece = 7;

    private bool HidesUsage => call.Bill?.Fault.Kind == FaultKind.HidesUsage;

    public JsonObject ToBody()
    {
        JsonObject body = new()
        {
            ["metrics"] = new JsonObject { ["latencyMs"] = 9 },
            ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. Blocks()]) } },
        };
        AddEnd(body);
        if (!HidesUsage)
        {
            body["usage"] = Usage();
        }

        return body;
    }

    public List<(byte[] Frame, bool TellsUsage)> Frames()
    {
        List<(byte[], bool)> frames = [];
        void Add(string type, JsonObject json, bool tellsUsage = false) => frames.Add((BedrockFrames.Event(type, ServedCall.Json(json)), tellsUsage));

        Add("messageStart", new JsonObject { ["p"] = "abcdefgh", ["role"] = "assistant" });
        int index = 0;
        foreach (JsonObject block in Blocks().Cast<JsonObject>())
        {
            if (block["toolUse"] is JsonObject use)
            {
                JsonObject start = new() { ["toolUse"] = new JsonObject { ["toolUseId"] = (string?)use["toolUseId"], ["name"] = (string?)use["name"] } };
                Add("contentBlockStart", new JsonObject { ["contentBlockIndex"] = index, ["p"] = "abc", ["start"] = start });
            }

            foreach (JsonObject delta in Deltas(block))
            {
                Add("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = index, ["delta"] = delta, ["p"] = "abcdef" });
            }

            Add("contentBlockStop", new JsonObject { ["contentBlockIndex"] = index++, ["p"] = "ab" });
        }

        JsonObject end = new() { ["p"] = "abcd" };
        AddEnd(end);
        Add("messageStop", end);
        JsonObject metadata = new() { ["metrics"] = new JsonObject { ["latencyMs"] = 9 }, ["p"] = "abcdefghijkl" };
        if (!HidesUsage)
        {
            metadata["usage"] = Usage();
        }

        Add("metadata", metadata, tellsUsage: true);
        return frames;
    }

    private IEnumerable<JsonNode> Blocks()
    {
        if (answer.Thought is { } thought)
        {
            JsonObject text = new() { ["text"] = thought, ["signature"] = call.Memory.Signatures.Sign(thought) };
            yield return new JsonObject { ["reasoningContent"] = new JsonObject { ["reasoningText"] = text } };
        }

        if (answer.Text.Length > 0)
        {
            yield return new JsonObject { ["text"] = answer.Text };
        }

        for (int at = 0; at < answer.Calls.Count; at++)
        {
            yield return new JsonObject
            {
                ["toolUse"] = new JsonObject { ["toolUseId"] = $"tooluse_{call.Id}{at}", ["name"] = answer.Calls[at].Name, ["input"] = JsonNode.Parse(answer.Calls[at].Arguments) },
            };
        }
    }

    private static IEnumerable<JsonObject> Deltas(JsonObject block)
    {
        if (block["reasoningContent"]?["reasoningText"] is JsonObject thought)
        {
            foreach (string piece in Words.Split((string?)thought["text"] ?? ""))
            {
                yield return new JsonObject { ["reasoningContent"] = new JsonObject { ["text"] = piece } };
            }

            yield return new JsonObject { ["reasoningContent"] = new JsonObject { ["signature"] = (string?)thought["signature"] } };
        }
        else if (block["toolUse"] is JsonObject use)
        {
            foreach (char[] piece in ServedCall.Json(use["input"]).Chunk(InputPiece))
            {
                yield return new JsonObject { ["toolUse"] = new JsonObject { ["input"] = new string(piece) } };
            }
        }
        else
        {
            foreach (string piece in Words.Split((string?)block["text"] ?? ""))
            {
                yield return new JsonObject { ["text"] = piece };
            }
        }
    }

    private void AddEnd(JsonObject owner)
    {
        owner["stopReason"] = answer.End switch
        {
            AnswerEnd.Tools => "tool_use",
            AnswerEnd.TooLong => "max_tokens",
            AnswerEnd.StopSequence => "stop_sequence",
            _ => "end_turn",
        };
        if (tellsStop)
        {
            owner["additionalModelResponseFields"] = new JsonObject { ["stop_sequence"] = answer.StoppedBy };
        }
    }

    private JsonObject Usage()
    {
        TokenUsage usage = answer.Usage;
        JsonObject told = new()
        {
            ["inputTokens"] = usage.UncachedInput,
            ["outputTokens"] = usage.Output,
            ["totalTokens"] = usage.Total,
            ["cacheReadInputTokens"] = usage.CacheRead,
            ["cacheWriteInputTokens"] = usage.CacheWrite5m + usage.CacheWrite1h,
        };
        if (usage.CacheWrite1h > 0)
        {
            told["cacheDetails"] = new JsonArray(new JsonObject { ["ttl"] = "1h", ["inputTokens"] = usage.CacheWrite1h });
        }

        return told;
    }
}
