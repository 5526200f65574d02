using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>POST /completions</c>: continues texts. Each prompt is answered for itself.</summary>
internal sealed class CompletionsEndpoint(ServedCall call)
{
    private bool HidesUsage => call.Bill?.Fault.Kind == FaultKind.HidesUsage;

    public async Task ServeAsync(string? deployment)
    {
        using JsonDocument document = call.Parse(OpenAiWords.Instance);
        StrictObject body = new StrictObject(document.RootElement, "", OpenAiWords.Instance).Only(
            "model", "prompt", "best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "n", "presence_penalty", "seed", "stop", "stream",
            "stream_options", "suffix", "temperature", "top_p", "user");
        string model = OpenAiModels.Begin(call, deployment ?? body.Text("model"), OpenAiModels.Completion);
        List<ModelAnswer> answers = [.. Prompts(body).Select(prompt => Answer(body, model, prompt))];
        if (OpenAiWire.RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun above.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        TokenUsage usage = new() { UncachedInput = answers.Sum(answer => answer.Usage.UncachedInput), Output = answers.Sum(answer => answer.Usage.Output) };
        call.Bill.Usage = usage;
        OpenAiWire.TellLimits(call);
        if (body.Flag("stream") == true)
        {
            bool includesUsage = body.Object("stream_options")?.Only("include_usage", "include_obfuscation").Flag("include_usage") == true;
            await player.StreamAsync(
                Frames(answers, model, includesUsage, usage),
                "data: {\"error\":{\"message\":\"The server had an error while processing your request.\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
                frame => frame.Contains("\"usage\":{", StringComparison.Ordinal));
            return;
        }

        JsonObject whole = Head(model);
        whole["choices"] = new JsonArray([.. answers.Select((answer, index) => Choice(index, answer.Text, FinishOf(answer)))]);
        if (!HidesUsage)
        {
            whole["usage"] = UsageOf(usage);
        }

        await player.SendAsync(ServedCall.Json(whole));
    }

    private static ModelAnswer Answer(StrictObject body, string model, string prompt)
    {
        ModelTask task = new(model) { OutputTokensMax = body.Whole("max_tokens", 0, int.MaxValue) ?? 16, Candidates = (int)(body.Whole("n", 1, 128) ?? 1) };
        if (body.Any("stop") is { ValueKind: JsonValueKind.String } stop)
        {
            task.Stops.Add(stop.GetString() ?? "");
        }
        else
        {
            task.Stops.AddRange(body.Texts("stop"));
        }

        task.Turns.Add(new ModelTurn(false, [new ModelPart.Text(prompt)]));
        task.Read(prompt);
        return Thinker.Answer(task, new TokenUsage { UncachedInput = Words.Count(prompt) });
    }

    private static List<string> Prompts(StrictObject body) => body.Needed("prompt").ValueKind == JsonValueKind.String ? [body.Text("prompt")] : [.. body.Texts("prompt")];

    private List<string> Frames(List<ModelAnswer> answers, string model, bool includesUsage, TokenUsage usage)
    {
        List<string> frames = [];
        void Add(JsonArray choices, JsonNode? told)
        {
            JsonObject chunk = Head(model);
            chunk["choices"] = choices;
            if (includesUsage)
            {
                chunk["usage"] = told;
            }

            frames.Add($"data: {ServedCall.Json(chunk)}\n\n");
        }

        foreach ((int index, ModelAnswer answer) in answers.Index())
        {
            foreach (string piece in Words.Split(answer.Text))
            {
                Add([Choice(index, piece, null)], null);
            }

            Add([Choice(index, "", FinishOf(answer))], null);
        }

        if (includesUsage && !HidesUsage)
        {
            Add([], UsageOf(usage));
        }

        frames.Add("data: [DONE]\n\n");
        return frames;
    }

    private JsonObject Head(string model) => new()
    {
        ["id"] = "cmpl-" + call.Id,
        ["object"] = "text_completion",
        ["created"] = OpenAiWire.CreatedAt,
        ["model"] = model + ":20230824-v2",
    };

    private static JsonObject Choice(int index, string text, string? finish) => new() { ["text"] = text, ["index"] = index, ["logprobs"] = null, ["finish_reason"] = finish };

    private static string FinishOf(ModelAnswer answer) => answer.End == AnswerEnd.TooLong ? "length" : "stop";

    private static JsonObject UsageOf(TokenUsage usage) => new() { ["prompt_tokens"] = usage.TotalInput, ["completion_tokens"] = usage.TotalOutput, ["total_tokens"] = usage.Total };
}
