using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>POST /chat/completions</c>.</summary>
internal sealed class ChatEndpoint(ServedCall call, bool isAzure)
{
    /// <summary>Characters of a piece of a tool call's arguments.</summary>
    private const int ArgumentsPiece = 7;

    private string model = "";

    private bool HidesUsage => call.Bill?.Fault.Kind == FaultKind.HidesUsage;

    public async Task ServeAsync(string? deployment)
    {
        using JsonDocument document = call.Parse(OpenAiWords.Instance);
        StrictObject body = new(document.RootElement, "", OpenAiWords.Instance);
        string named = deployment ?? body.TextOrNull("model") ?? throw OpenAiWords.Refuse("you must provide a model parameter");
        model = OpenAiModels.Begin(call, named, OpenAiModels.Chat, OpenAiModels.Reasoning);
        ModelTask task = ChatReader.Read(body, model);
        bool streams = body.Flag("stream") ?? false;
        StrictObject? options = body.Object("stream_options")?.Only("include_usage", "include_obfuscation");
        if (options is not null && !streams)
        {
            throw OpenAiWords.Refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        }

        if (OpenAiWire.RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun above.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        ModelAnswer answer = Thinker.Answer(task, call.Memory.Cache.ReadUnasked(model, task.Prompt));
        call.Bill.Usage = answer.Usage;
        OpenAiWire.TellLimits(call);
        if (!streams)
        {
            if (call.Bill.Fault.Kind == FaultKind.Overloads)
            {
                throw new WireRefusalException(500, "server_error", "The server had an error while processing your request. Sorry about that!");
            }

            await player.SendAsync(ServedCall.Json(ToBody(answer, task.Candidates)));
            return;
        }

        string failure = $"data: {ServedCall.Json(OpenAiWire.ErrorOf(new WireRefusalException(500, "server_error", "The server had an error while processing your request. Sorry about that!")))}\n\n";
        await player.StreamAsync(Frames(answer, task.Candidates, options?.Flag("include_usage") == true), failure, frame => frame.Contains("\"usage\":{", StringComparison.Ordinal));
    }

    private JsonObject ToBody(ModelAnswer answer, int count)
    {
        JsonArray choices = [];
        for (int index = 0; index < count; index++)
        {
            JsonObject message = new() { ["role"] = "assistant", ["content"] = answer.Calls.Count > 0 ? null : answer.Text, ["refusal"] = null, ["annotations"] = new JsonArray() };
            if (answer.Calls.Count > 0)
            {
                message["tool_calls"] = new JsonArray([.. answer.Calls.Select((made, at) => ToCall(made, at, made.Arguments))]);
            }

            choices.Add(new JsonObject { ["index"] = index, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = FinishOf(answer.End) });
        }

        JsonObject body = Head("chat.completion");
        body["choices"] = choices;
        if (!HidesUsage)
        {
            body["usage"] = UsageOf(answer.Usage);
        }

        return body;
    }

    private List<string> Frames(ModelAnswer answer, int count, bool includesUsage)
    {
        List<string> frames = [];
        void Add(JsonArray choices, JsonNode? usage = null)
        {
            JsonObject chunk = Head("chat.completion.chunk");
            chunk["choices"] = choices;
            if (includesUsage)
            {
                chunk["usage"] = usage;
            }

            frames.Add($"data: {ServedCall.Json(chunk)}\n\n");
        }

        if (isAzure)
        {
            JsonObject filtered = Head("");
            filtered["choices"] = new JsonArray();
            filtered["prompt_filter_results"] = new JsonArray();
            frames.Add($"data: {ServedCall.Json(filtered)}\n\n");
        }

        for (int index = 0; index < count; index++)
        {
            foreach (JsonObject delta in Deltas(answer))
            {
                Add([new JsonObject { ["index"] = index, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = null }]);
            }

            Add([new JsonObject { ["index"] = index, ["delta"] = new JsonObject(), ["logprobs"] = null, ["finish_reason"] = FinishOf(answer.End) }]);
        }

        if (includesUsage && !HidesUsage)
        {
            Add([], UsageOf(answer.Usage));
        }

        frames.Add("data: [DONE]\n\n");
        return frames;
    }

    private static IEnumerable<JsonObject> Deltas(ModelAnswer answer)
    {
        yield return new JsonObject { ["role"] = "assistant", ["content"] = answer.Calls.Count > 0 ? null : "", ["refusal"] = null };
        foreach (string piece in Words.Split(answer.Text))
        {
            yield return new JsonObject { ["content"] = piece };
        }

        for (int at = 0; at < answer.Calls.Count; at++)
        {
            JsonObject first = ToCall(answer.Calls[at], at, "");
            first["index"] = at;
            yield return new JsonObject { ["tool_calls"] = new JsonArray(first) };
            foreach (char[] piece in answer.Calls[at].Arguments.Chunk(ArgumentsPiece))
            {
                yield return new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = at, ["function"] = new JsonObject { ["arguments"] = new string(piece) } }),
                };
            }
        }
    }

    private JsonObject Head(string kind) => new()
    {
        ["id"] = "chatcmpl-" + call.Id,
        ["object"] = kind,
        ["created"] = OpenAiWire.CreatedAt,
        ["model"] = model + "-2025-04-14",
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_fake",
    };

    private static JsonObject ToCall(AnsweredCall made, int at, string arguments) => new()
    {
        ["id"] = IdOf(made, at),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = made.Name, ["arguments"] = arguments },
    };

    /// <summary>Equal calls of one turn differ by their place, and turns by their arguments.</summary>
    private static string IdOf(AnsweredCall made, int at) =>
        $"call_{at}_{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(made.Name + made.Arguments)))[..20]}";

    private static string FinishOf(AnswerEnd end) => end switch { AnswerEnd.Tools => "tool_calls", AnswerEnd.TooLong => "length", _ => "stop" };

    internal static JsonObject UsageOf(TokenUsage usage) => new()
    {
        ["prompt_tokens"] = usage.TotalInput,
        ["completion_tokens"] = usage.TotalOutput,
        ["total_tokens"] = usage.Total,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CacheRead, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = usage.Reasoning,
            ["audio_tokens"] = 0,
            ["accepted_prediction_tokens"] = 0,
            ["rejected_prediction_tokens"] = 0,
        },
    };
}
