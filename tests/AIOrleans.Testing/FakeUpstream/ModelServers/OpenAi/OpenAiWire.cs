using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>OpenAI's interface, and Azure's of the same models.</summary>
internal sealed class OpenAiWire(bool isAzure) : IModelWire
{
    /// <summary>When this server was, for it, first asked.</summary>
    public const long CreatedAt = 1_760_000_000;

    private const string Deployments = "/openai/deployments/";

    public string BasePath => isAzure ? "" : "/v1";

    public ModelNames Names { get; } = new(OpenAiModels.Chat, OpenAiModels.Reasoning, OpenAiModels.Embedding, OpenAiModels.Completion);

    public Task ServeAsync(ServedCall call)
    {
        call.Http.Response.Headers["x-request-id"] = "req_" + call.Id;
        if (isAzure)
        {
            call.Http.Response.Headers["apim-request-id"] = call.Id;
        }
        else
        {
            call.Http.Response.Headers["openai-version"] = "2020-10-01";
            call.Http.Response.Headers["openai-organization"] = "org-fake";
            call.Http.Response.Headers["openai-processing-ms"] = "7";
        }

        CheckKey(call);
        (string path, string? deployment) = isAzure ? AzurePath(call) : (call.Path, null);
        return (call.Http.Request.Method, path) switch
        {
            ("POST", "/v1/chat/completions") => new ChatEndpoint(call, isAzure).ServeAsync(deployment),
            ("POST", "/v1/responses") => new ResponsesEndpoint(call).ServeAsync(deployment),
            ("POST", "/v1/completions") => new CompletionsEndpoint(call).ServeAsync(deployment),
            ("POST", "/v1/embeddings") => new EmbeddingsEndpoint(call).ServeAsync(deployment),
            (_, _) when path.StartsWith("/v1/files", StringComparison.Ordinal) => new FilesEndpoint(call).ServeAsync(path["/v1/files".Length..]),
            (_, _) when path.StartsWith("/v1/batches", StringComparison.Ordinal) => new BatchesEndpoint(call).ServeAsync(path["/v1/batches".Length..]),
            ("GET", "/v1/models") => call.SendAsync(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. OpenAiModels.All.Select(CardOf)]) }),
            (_, "/v1/chat/completions" or "/v1/responses" or "/v1/completions" or "/v1/embeddings" or "/v1/models") => throw new WireRefusalException(
                405, OpenAiWords.Invalid, $"Not allowed to {call.Http.Request.Method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)", null, "method_not_supported"),
            _ => throw (isAzure
                ? new WireRefusalException(404, "", "Resource not found", null, "404")
                : new WireRefusalException(404, OpenAiWords.Invalid, $"Invalid URL ({call.Http.Request.Method} {path})")),
        };
    }

    public Task RefuseAsync(ServedCall call, WireRefusalException refusal)
    {
        List<(string, string)> headers = [];
        if (refusal.Status is 429 or 503 && refusal.Kind != "insufficient_quota")
        {
            headers.Add(("retry-after-ms", "40"));
            headers.Add(("retry-after", "1"));
        }

        if (refusal.Status == 401)
        {
            headers.Add(("www-authenticate", "Bearer realm=\"OpenAI API\""));
        }

        return call.SendAsync(refusal.Status, ErrorOf(refusal), [.. headers]);
    }

    /// <summary>The fault that a call's model asks for, where it is a refusal.</summary>
    public static WireRefusalException? RefusalOf(ModelFault fault) => fault switch
    {
        { Kind: FaultKind.OutOfQuota } => new(429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", null, "insufficient_quota"),
        { Kind: not FaultKind.Refuses } => null,
        { Status: 400 } => OpenAiWords.Refuse("Invalid 'temperature': decimal above maximum value.", "temperature", "decimal_above_max_value"),
        { Status: 401 } => WrongKey("sk-model-*****nary"),
        { Status: 403 } => new(403, OpenAiWords.Invalid, "Your organization must be verified to use this model.", null, "organization_not_verified"),
        { Status: 404 } => new(404, OpenAiWords.Invalid, "The model does not exist or you do not have access to it.", null, "model_not_found"),
        { Status: 429 } => new(429, "requests", "Rate limit reached for this model in organization org-fake on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 40ms.", null, "rate_limit_exceeded"),
        { Status: 503 } => new(503, "server_error", "The engine is currently overloaded, please try again later.", null, "overloaded"),
        _ => new(fault.Status, "server_error", "The server had an error while processing your request. Sorry about that!"),
    };

    public static JsonObject ErrorOf(WireRefusalException refusal) => new()
    {
        ["error"] = new JsonObject { ["message"] = refusal.Message, ["type"] = refusal.Kind, ["param"] = refusal.Param, ["code"] = refusal.Code },
    };

    /// <summary>Numbers that a caller must not take for its own gateway's.</summary>
    public static void TellLimits(ServedCall call)
    {
        foreach ((string kind, string limit, string remaining, string reset) in ((string, string, string, string)[])[("requests", "5000", "4999", "12ms"), ("tokens", "160000", "159976", "9ms")])
        {
            call.Http.Response.Headers[$"x-ratelimit-limit-{kind}"] = limit;
            call.Http.Response.Headers[$"x-ratelimit-remaining-{kind}"] = remaining;
            call.Http.Response.Headers[$"x-ratelimit-reset-{kind}"] = reset;
        }
    }

    private void CheckKey(ServedCall call)
    {
        string? key = isAzure && call.Header("api-key") is { } own ? own
            : call.Header("authorization") is { } bearer && bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..]
            : null;
        if (key == ModelServer.ApiKey)
        {
            return;
        }

        throw isAzure
            ? new WireRefusalException(401, "", "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.", null, "401")
            : key is null ? new WireRefusalException(401, OpenAiWords.Invalid, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.")
            : WrongKey(key.Length > 12 ? key[..8] + "****" + key[^4..] : "****");
    }

    private static WireRefusalException WrongKey(string shown) =>
        new(401, OpenAiWords.Invalid, $"Incorrect API key provided: {shown}. You can find your API key at https://platform.openai.com/account/api-keys.", null, "invalid_api_key");

    /// <summary>Azure's older addresses name the deployment and need a version; its newer ones are OpenAI's below <c>/openai</c>.</summary>
    private static (string Path, string? Deployment) AzurePath(ServedCall call)
    {
        if (call.Path.StartsWith("/openai/v1/", StringComparison.Ordinal))
        {
            return (call.Path["/openai".Length..], null);
        }

        if (call.Path == "/openai/responses" && call.Http.Request.Query.ContainsKey("api-version"))
        {
            return ("/v1/responses", null);
        }

        string[] parts = call.Path.StartsWith(Deployments, StringComparison.Ordinal) ? call.Path[Deployments.Length..].Split('/', 2) : [];
        return parts.Length == 2 && call.Http.Request.Query.ContainsKey("api-version") ? ("/v1/" + parts[1], parts[0]) : ("", null);
    }

    private static JsonNode CardOf(string model) => new JsonObject { ["id"] = model, ["object"] = "model", ["created"] = CreatedAt, ["owned_by"] = "system" };
}
