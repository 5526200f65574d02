using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Anthropic's interface: messages and the counting of tokens.</summary>
internal sealed class AnthropicWire : IModelWire
{
    /// <summary>Thinks within a budget.</summary>
    public const string Haiku = "claude-haiku-4-5";

    /// <summary>Thinks as long as it wants, and takes no sampling parameters.</summary>
    public const string Opus = "claude-opus-4-7";

    /// <summary>Has the parameters for sampling, which <see cref="LaterVersion"/> refuses.</summary>
    public const string FirstVersion = "2023-06-01";

    // Source: platform.claude.com, "Migrating to API version 2026-10-21".
    public const string LaterVersion = "2026-10-21";

    public string BasePath => "/v1";

    public ModelNames Names { get; } = new(Haiku, Haiku);

    public Task ServeAsync(ServedCall call)
    {
        call.Http.Response.Headers["request-id"] = "req_" + call.Id;
        call.Http.Response.Headers["anthropic-organization-id"] = "8d1f2a00-0000-4000-8000-000000000000";
        if ((call.Http.Request.Method, call.Path) is not (("POST", "/v1/messages" or "/v1/messages/count_tokens") or ("GET", "/v1/models")))
        {
            throw call.Path is "/v1/messages" or "/v1/messages/count_tokens" or "/v1/models"
                ? new WireRefusalException(405, AnthropicWords.Invalid, "Method Not Allowed")
                : new WireRefusalException(404, "not_found_error", "Not Found");
        }

        CheckHeaders(call);
        return call.Path switch
        {
            "/v1/messages" => AnswerAsync(call),
            "/v1/messages/count_tokens" => CountAsync(call),
            _ => call.SendAsync(200, new JsonObject { ["data"] = new JsonArray(CardOf(Haiku), CardOf(Opus)), ["has_more"] = false, ["first_id"] = Haiku, ["last_id"] = Opus }),
        };
    }

    public Task RefuseAsync(ServedCall call, WireRefusalException refusal)
    {
        List<(string, string)> headers = [("x-should-retry", refusal.Status is 408 or 409 or 429 or >= 500 ? "true" : "false")];
        if (refusal.Status is 429)
        {
            headers.Add(("retry-after", "1"));
            headers.Add(("anthropic-ratelimit-requests-limit", "50"));
            headers.Add(("anthropic-ratelimit-requests-remaining", "0"));
            headers.Add(("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:01Z"));
        }

        return call.SendAsync(refusal.Status, ErrorOf(call, refusal), [.. headers]);
    }

    private static void CheckHeaders(ServedCall call)
    {
        string? bearer = call.Header("authorization") is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : null;
        string key = call.Header("x-api-key") ?? bearer ?? throw new WireRefusalException(401, "authentication_error", "x-api-key header is required");
        if (key != ModelServer.ApiKey)
        {
            throw new WireRefusalException(401, "authentication_error", "invalid x-api-key");
        }

        if (call.Header("anthropic-version") is not { } version)
        {
            throw AnthropicWords.Refuse("anthropic-version: header is required");
        }

        if (version is not (FirstVersion or LaterVersion))
        {
            throw AnthropicWords.Refuse($"anthropic-version: \"{version}\" is not a valid version");
        }
    }

    private static string BeginModel(ServedCall call, StrictObject body)
    {
        string model = call.Begin(body.Text("model"));
        return model is Haiku or Opus ? model : throw new WireRefusalException(404, "not_found_error", $"model: {model}");
    }

    private static async Task AnswerAsync(ServedCall call)
    {
        using JsonDocument document = call.Parse(AnthropicWords.Instance);
        StrictObject body = new(document.RootElement, "", AnthropicWords.Instance);
        string model = BeginModel(call, body);
        ModelTask task = AnthropicReader.Read(body, model, call, countsOnly: false);
        BilledCall bill = call.Bill!; // ! Begun above.
        if (RefusalOf(bill.Fault) is { } refusal)
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        ModelAnswer answer = Thinker.Answer(task, call.Memory.Cache.ReadMarked(model, task.Prompt));
        bill.Usage = answer.Usage;
        TellLimits(call);
        AnthropicWriter writer = new(call, model, answer);
        if (body.Flag("stream") == true)
        {
            string failure = $"event: error\ndata: {ServedCall.Json(ErrorOf(call, Overloaded))}\n\n";
            await player.StreamAsync(writer.Frames(), failure, frame => frame.StartsWith("event: message_delta", StringComparison.Ordinal));
        }
        else if (bill.Fault.Kind == FaultKind.Overloads)
        {
            throw Overloaded;
        }
        else
        {
            await player.SendAsync(ServedCall.Json(writer.ToBody()));
        }
    }

    private static async Task CountAsync(ServedCall call)
    {
        using JsonDocument document = call.Parse(AnthropicWords.Instance);
        StrictObject body = new(document.RootElement, "", AnthropicWords.Instance);
        ModelTask task = AnthropicReader.Read(body, BeginModel(call, body), call, countsOnly: true);
        if (RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun above.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (!await player.FailFirstAsync())
        {
            await player.SendAsync(ServedCall.Json(new JsonObject { ["input_tokens"] = task.Prompt.Sum(segment => segment.Tokens) }));
        }
    }

    private static WireRefusalException Overloaded => new(529, "overloaded_error", "Overloaded");

    private static WireRefusalException? RefusalOf(ModelFault fault) => fault switch
    {
        { Kind: FaultKind.OutOfQuota } => AnthropicWords.Refuse("Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
        { Kind: not FaultKind.Refuses } => null,
        { Status: 400 } => AnthropicWords.Refuse("prompt is too long: 200001 tokens > 200000 maximum"),
        { Status: 401 } => new(401, "authentication_error", "invalid x-api-key"),
        { Status: 403 } => new(403, "permission_error", "Your API key does not have permission to use the specified resource."),
        { Status: 404 } => new(404, "not_found_error", "model: gone"),
        { Status: 413 } => new(413, "request_too_large", "Request exceeds the maximum size"),
        { Status: 429 } => new(429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute."),
        { Status: 529 } => Overloaded,
        _ => new(fault.Status, "api_error", "Internal server error"),
    };

    private static JsonObject ErrorOf(ServedCall call, WireRefusalException refusal) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = refusal.Kind, ["message"] = refusal.Message },
        ["request_id"] = "req_" + call.Id,
    };

    private static void TellLimits(ServedCall call)
    {
        foreach (string kind in (string[])["requests", "tokens", "input-tokens", "output-tokens"])
        {
            call.Http.Response.Headers[$"anthropic-ratelimit-{kind}-limit"] = "40000";
            call.Http.Response.Headers[$"anthropic-ratelimit-{kind}-remaining"] = "39000";
            call.Http.Response.Headers[$"anthropic-ratelimit-{kind}-reset"] = "2026-01-01T00:00:00Z";
        }
    }

    private static JsonNode CardOf(string model) => new JsonObject { ["type"] = "model", ["id"] = model, ["display_name"] = model, ["created_at"] = "2025-09-29T00:00:00Z" };
}
