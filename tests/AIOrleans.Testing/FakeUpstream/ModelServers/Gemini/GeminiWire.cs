using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Google's interface: content, streamed content, embeddings, and the counting of tokens.</summary>
internal sealed class GeminiWire : IModelWire
{
    /// <summary>Thinks only when it is asked to, and its function calls have no ids.</summary>
    public const string Lite = "gemini-2.5-flash-lite";

    /// <summary>Always thinks, and wants the signatures of its function calls back.</summary>
    public const string Pro = "gemini-3-pro-preview";

    public const string Embedder = "gemini-embedding-001";

    /// <summary>The stable version, which the newer clients call, and the one before it.</summary>
    private static readonly string[] Versions = ["v1", "v1beta"];

    public string BasePath => "/v1beta";

    public ModelNames Names { get; } = new(Lite, Pro, Embedder);

    public Task ServeAsync(ServedCall call)
    {
        call.Http.Response.Headers["server-timing"] = "gfet4t7; dur=7";
        CheckKey(call);
        string version = Versions.FirstOrDefault(known => call.Path.StartsWith($"/{known}/models", StringComparison.Ordinal))
            ?? throw new WireRefusalException(404, "NOT_FOUND", "Requested entity was not found.");
        string rest = call.Path[$"/{version}/models".Length..];
        if (call.Http.Request.Method == "GET" && rest.Length == 0)
        {
            return call.SendAsync(200, new JsonObject { ["models"] = new JsonArray(CardOf(Lite), CardOf(Pro), CardOf(Embedder)) });
        }

        string[] parts = rest.TrimStart('/').Split(':', 2);
        if (call.Http.Request.Method != "POST" || parts.Length != 2 || parts[1] is not ("generateContent" or "streamGenerateContent" or "countTokens" or "embedContent" or "batchEmbedContents"))
        {
            throw new WireRefusalException(404, "NOT_FOUND", "Requested entity was not found.");
        }

        string model = call.Begin(parts[0]);
        bool isEmbedding = parts[1] is "embedContent" or "batchEmbedContents";
        if (isEmbedding ? model != Embedder : model is not (Lite or Pro))
        {
            throw new WireRefusalException(404, "NOT_FOUND", $"models/{model} is not found for API version {version}, or is not supported for {parts[1]}. Call ListModels to see the list of available models and their supported methods.");
        }

        return isEmbedding ? new GeminiEmbeddings(call, model, version).ServeAsync(isBatch: parts[1] == "batchEmbedContents")
            : parts[1] == "countTokens" ? CountAsync(call, model) : AnswerAsync(call, model, streams: parts[1] == "streamGenerateContent");
    }

    public Task RefuseAsync(ServedCall call, WireRefusalException refusal)
    {
        call.Http.Response.ContentType = "application/json; charset=UTF-8";
        return call.SendAsync(refusal.Status, ErrorOf(refusal));
    }

    private static void CheckKey(ServedCall call)
    {
        string? key = call.Header("x-goog-api-key") ?? call.Http.Request.Query["key"];
        if (string.IsNullOrEmpty(key))
        {
            throw new WireRefusalException(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");
        }

        if (key != ModelServer.ApiKey)
        {
            throw WrongKey;
        }
    }

    /// <summary>Not a 401: that is how Google answers.</summary>
    private static WireRefusalException WrongKey => new(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", null, "API_KEY_INVALID");

    private static async Task AnswerAsync(ServedCall call, string model, bool streams)
    {
        using JsonDocument document = call.Parse(GeminiWords.Instance);
        ModelTask task = GeminiReader.Read(new StrictObject(document.RootElement, "", GeminiWords.Instance), model, call.Memory.Signatures);
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

        ModelAnswer answer = Thinker.Answer(task, call.Memory.Cache.ReadUnasked(model, task.Prompt));
        bill.Usage = answer.Usage;
        GeminiWriter writer = new(call, model, task, answer);
        if (!streams)
        {
            if (bill.Fault.Kind == FaultKind.Overloads)
            {
                throw Overloaded;
            }

            await player.SendAsync(ServedCall.Json(writer.ToBody()), "application/json; charset=UTF-8");
            return;
        }

        bool isSse = call.Http.Request.Query["alt"] == "sse";
        string failure = ServedCall.Json(ErrorOf(Overloaded));
        await player.StreamAsync(
            isSse ? [.. writer.Chunks().Select(chunk => $"data: {ServedCall.Json(chunk)}\r\n\r\n")] : InArray(writer),
            isSse ? $"data: {failure}\r\n\r\n" : $",\r\n{failure}\r\n]",
            frame => frame.Contains("\"finishReason\"", StringComparison.Ordinal),
            isSse ? "text/event-stream" : "application/json; charset=UTF-8");
    }

    /// <summary>Without <c>alt=sse</c> a stream is one long JSON array.</summary>
    private static List<string> InArray(GeminiWriter writer)
    {
        List<string> frames = [.. writer.Chunks().Select((chunk, index) => (index == 0 ? "[" : ",\r\n") + ServedCall.Json(chunk))];
        frames.Add("\r\n]");
        return frames;
    }

    private static async Task CountAsync(ServedCall call, string model)
    {
        using JsonDocument document = call.Parse(GeminiWords.Instance);
        StrictObject body = new StrictObject(document.RootElement, "", GeminiWords.Instance).Only("contents", "generateContentRequest");
        ModelTask task = GeminiReader.Read(body.Object("generateContentRequest") ?? body, model, call.Memory.Signatures);
        if (RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun above.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (!await player.FailFirstAsync())
        {
            long tokens = task.Prompt.Sum(segment => segment.Tokens);
            await player.SendAsync(ServedCall.Json(new JsonObject
            {
                ["totalTokens"] = tokens,
                ["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = tokens }),
            }));
        }
    }

    private static WireRefusalException Overloaded => new(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");

    public static WireRefusalException? RefusalOf(ModelFault fault) => fault switch
    {
        { Kind: FaultKind.OutOfQuota } => new(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", null, "QUOTA"),
        { Kind: not FaultKind.Refuses } => null,
        { Status: 400 } => GeminiWords.Refuse("The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)."),
        { Status: 401 } => new(401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."),
        { Status: 403 } => new(403, "PERMISSION_DENIED", "Permission denied: Consumer 'api_key:fake' has been suspended."),
        { Status: 404 } => new(404, "NOT_FOUND", "Requested entity was not found."),
        { Status: 429 } => new(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", null, "RATE"),
        { Status: 503 } => Overloaded,
        { Status: 504 } => new(504, "DEADLINE_EXCEEDED", "The request timed out. Please try again."),
        _ => new(fault.Status, "INTERNAL", "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"),
    };

    private static JsonObject ErrorOf(WireRefusalException refusal)
    {
        JsonObject error = new() { ["code"] = refusal.Status, ["message"] = refusal.Message, ["status"] = refusal.Kind };
        if (refusal.Code == "API_KEY_INVALID")
        {
            error["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = refusal.Code,
                ["domain"] = "googleapis.com",
                ["metadata"] = new JsonObject { ["service"] = "generativelanguage.googleapis.com" },
            });
        }
        else if (refusal.Code == "RATE")
        {
            error["details"] = new JsonArray(new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = "1s" });
        }

        return new JsonObject { ["error"] = error };
    }

    private static JsonNode CardOf(string model) => new JsonObject { ["name"] = "models/" + model, ["version"] = "001", ["inputTokenLimit"] = 1_048_576, ["outputTokenLimit"] = 65_536 };
}
