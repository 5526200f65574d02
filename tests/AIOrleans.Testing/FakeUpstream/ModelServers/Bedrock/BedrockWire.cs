using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Amazon's interface to one of Anthropic's models: <c>Converse</c>, <c>ConverseStream</c> and <c>CountTokens</c>, called with an API key of Bedrock's own.</summary>
internal sealed class BedrockWire : IModelWire
{
    /// <summary>Thinks within a budget, and hears nothing.</summary>
    public const string Haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

    private const string Root = "/model/";

    public string BasePath => "";

    public ModelNames Names { get; } = new(Haiku, Haiku);

    public Task ServeAsync(ServedCall call)
    {
        call.Http.Response.Headers["x-amzn-RequestId"] = call.Id;
        CheckKey(call);
        int slash = call.Path.LastIndexOf('/');
        string operation = call.Path[(slash + 1)..];
        if (call.Http.Request.Method != "POST" || !call.Path.StartsWith(Root, StringComparison.Ordinal) || slash <= Root.Length
            || operation is not ("converse" or "converse-stream" or "count-tokens"))
        {
            throw new WireRefusalException(404, "UnknownOperationException", "");
        }

        string model = call.Begin(call.Path[Root.Length..slash]);
        return model != Haiku ? throw BedrockWords.Refuse("The provided model identifier is invalid.")
            : operation == "count-tokens" ? CountAsync(call, model)
            : AnswerAsync(call, model, streams: operation == "converse-stream");
    }

    public Task RefuseAsync(ServedCall call, WireRefusalException refusal) =>
        call.SendAsync(refusal.Status, ErrorOf(refusal), ("x-amzn-ErrorType", refusal.Kind + ":http://internal.amazon.com/coral/com.amazon.bedrock/"));

    private static void CheckKey(ServedCall call)
    {
        string? key = call.Header("authorization") is { } bearer && bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer[7..] : null;
        if (key != ModelServer.ApiKey)
        {
            throw key is null
                ? new WireRefusalException(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
                : WrongKey;
        }
    }

    private static WireRefusalException WrongKey => new(403, "AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.");

    private static WireRefusalException Overloaded => new(503, "ServiceUnavailableException", "Bedrock is unable to process your request.");

    private static async Task AnswerAsync(ServedCall call, string model, bool streams)
    {
        using JsonDocument document = call.Parse(BedrockWords.Instance);
        StrictObject body = new(document.RootElement, "", BedrockWords.Instance);
        ModelTask task = BedrockReader.Read(body, model, call.Memory.Signatures, countsOnly: false);
        BilledCall bill = call.Bill!; // ! Begun by the caller.
        if (RefusalOf(bill.Fault) is { } refusal)
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (await player.FailFirstAsync())
        {
            return;
        }

        // Thoughts are part of the output, and Converse does not tell how many they are.
        ModelAnswer answer = Thinker.Answer(task, call.Memory.Cache.ReadMarked(model, task.Prompt));
        bill.Usage = answer.Usage with { Reasoning = 0 };
        BedrockWriter writer = new(call, answer, tellsStop: body.Texts("additionalModelResponseFieldPaths").Contains("/stop_sequence"));
        if (streams)
        {
            byte[] failure = BedrockFrames.Exception("serviceUnavailableException", ServedCall.Json(ErrorOf(Overloaded)));
            await player.StreamAsync(writer.Frames(), failure, "application/vnd.amazon.eventstream");
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

    private static async Task CountAsync(ServedCall call, string model)
    {
        using JsonDocument document = call.Parse(BedrockWords.Instance);
        StrictObject input = new StrictObject(document.RootElement, "", BedrockWords.Instance).Only("input").Object("input") ?? throw BedrockWords.Instance.Missing("input");
        StrictObject body = input.Only("converse", "invokeModel").Object("converse") ?? throw BedrockWords.Instance.Missing("input.converse");
        ModelTask task = BedrockReader.Read(body, model, call.Memory.Signatures, countsOnly: true);
        if (RefusalOf(call.Bill!.Fault) is { } refusal) // ! Begun by the caller.
        {
            throw refusal;
        }

        AnswerPlayer player = new(call);
        if (!await player.FailFirstAsync())
        {
            await player.SendAsync(ServedCall.Json(new JsonObject { ["inputTokens"] = task.Prompt.Sum(segment => segment.Tokens) }));
        }
    }

    private static WireRefusalException? RefusalOf(ModelFault fault) => fault switch
    {
        { Kind: FaultKind.OutOfQuota } => new(400, "ServiceQuotaExceededException", "Your account has reached its quota of tokens for today. Please wait before trying again."),
        { Kind: not FaultKind.Refuses } => null,
        { Status: 400 } => BedrockWords.Refuse("The model returned the following errors: Input is too long for requested model."),
        { Status: 401 } => WrongKey,
        { Status: 403 } => new(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
        { Status: 404 } => new(404, "ResourceNotFoundException", "This model version has reached the end of its life."),
        { Status: 429 } => new(429, "ThrottlingException", "Too many requests, please wait before trying again."),
        { Status: 503 or 529 } => Overloaded,
        _ => new(500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again."),
    };

    private static JsonObject ErrorOf(WireRefusalException refusal) => new() { ["message"] = refusal.Message };
}
