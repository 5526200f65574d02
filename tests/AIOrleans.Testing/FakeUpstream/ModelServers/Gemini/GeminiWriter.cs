using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Writes an answer as one response or as the responses of a stream.</summary>
internal sealed class GeminiWriter(ServedCall call, string model, ModelTask task, ModelAnswer answer)
{
    private bool HidesUsage => call.Bill?.Fault.Kind == FaultKind.HidesUsage;

    public JsonObject ToBody()
    {
        JsonObject[] parts = [.. Parts(isWhole: true)];
        return Response([.. Enumerable.Range(0, task.Candidates).Select(index => Candidate(index, [.. parts.Select(part => part.DeepClone())], isLast: true))], answer.Usage);
    }

    /// <summary>Each with the usage so far, the last one with all of it and the reason.</summary>
    public IEnumerable<JsonObject> Chunks()
    {
        JsonObject[] parts = [.. Parts(isWhole: false)];
        for (int at = 0; at < parts.Length; at++)
        {
            bool isLast = at == parts.Length - 1;

            // One model counts as it writes, the other tells what it wrote when it is done.
            long begun = model == GeminiWire.Pro ? Math.Min(answer.Usage.Output, answer.Usage.Reasoning + at + 1) : answer.Usage.Reasoning;
            TokenUsage soFar = answer.Usage with { Output = isLast ? answer.Usage.Output : begun };
            int count = at;
            yield return Response(
                [.. Enumerable.Range(0, task.Candidates).Select(index => Candidate(index, [parts[count].DeepClone()], isLast))],
                soFar);
        }
    }

    private IEnumerable<JsonObject> Parts(bool isWhole)
    {
        if (task.ShowsThoughts && answer.Thought is { } thought)
        {
            foreach (string piece in isWhole ? [thought] : Words.Split(thought))
            {
                yield return new JsonObject { ["text"] = piece, ["thought"] = true };
            }
        }

        foreach (string piece in isWhole ? [answer.Text] : Words.Split(answer.Text))
        {
            if (piece.Length > 0)
            {
                yield return new JsonObject { ["text"] = piece };
            }
        }

        for (int at = 0; at < answer.Calls.Count; at++)
        {
            AnsweredCall made = answer.Calls[at];
            JsonObject function = new() { ["name"] = made.Name, ["args"] = JsonNode.Parse(made.Arguments) };
            if (model == GeminiWire.Pro)
            {
                function["id"] = $"{call.Id[..8]}{at}";
            }

            JsonObject part = new() { ["functionCall"] = function };
            if (at == 0 && answer.Thought is not null)
            {
                part["thoughtSignature"] = call.Memory.Signatures.Sign(GeminiContents.Bound(made.Name, JsonNode.Parse(made.Arguments)));
            }

            yield return part;
        }

        if (answer.Calls.Count == 0 && (answer.Text.Length == 0 || !isWhole))
        {
            // A stream's reason comes with an empty text.
            yield return new JsonObject { ["text"] = "" };
        }
    }

    private JsonObject Candidate(int index, JsonNode[] parts, bool isLast)
    {
        JsonObject candidate = new() { ["content"] = new JsonObject { ["parts"] = new JsonArray(parts), ["role"] = "model" } };
        if (isLast)
        {
            candidate["finishReason"] = answer.End == AnswerEnd.TooLong ? "MAX_TOKENS" : "STOP";
        }

        candidate["index"] = index;
        return candidate;
    }

    private JsonObject Response(JsonNode[] candidates, TokenUsage usage)
    {
        JsonObject response = new() { ["candidates"] = new JsonArray(candidates) };
        if (!HidesUsage)
        {
            response["usageMetadata"] = UsageOf(usage);
        }

        response["modelVersion"] = model;
        response["responseId"] = call.Id;
        return response;
    }

    private static JsonObject UsageOf(TokenUsage usage)
    {
        JsonObject told = new() { ["promptTokenCount"] = usage.TotalInput };
        if (usage.TotalOutput > usage.Reasoning)
        {
            told["candidatesTokenCount"] = usage.TotalOutput - usage.Reasoning;
        }

        told["totalTokenCount"] = usage.Total;
        told["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = usage.TotalInput });
        if (usage.CacheRead > 0)
        {
            told["cachedContentTokenCount"] = usage.CacheRead;
        }

        if (usage.Reasoning > 0)
        {
            told["thoughtsTokenCount"] = usage.Reasoning;
        }

        return told;
    }
}
