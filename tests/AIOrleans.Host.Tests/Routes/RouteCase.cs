using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Routes;

/// <summary>An address of the data plane, with a call of it for every kind of provider that serves it.</summary>
/// <param name="Words">Whose words the client understands.</param>
/// <param name="IsMetered">False for calls that cost nothing and are not limited.</param>
internal sealed record RouteCase(string Name, ClientWords Words, string Alias, bool CanStream, bool IsMetered, ModelWire[] Providers, Func<string, bool, (string Path, string Body)> Call)
{
    private static readonly ModelWire[] Every = [ModelWire.OpenAi, ModelWire.Anthropic, ModelWire.Gemini];

    public static IReadOnlyList<RouteCase> All { get; } =
    [
        Route("chat", ClientWords.OpenAi, "chat", Every, (model, streams) =>
            ("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Count to 100."}],"stream":{{Flag(streams)}}}""")),
        Route("responses", ClientWords.OpenAi, "chat", Every, (model, streams) =>
            ("/v1/responses", $$"""{"model":"{{model}}","input":"Count to 100.","stream":{{Flag(streams)}}}""")),
        Route("completions", ClientWords.OpenAi, "completer", [ModelWire.OpenAi], (model, streams) =>
            ("/v1/completions", $$"""{"model":"{{model}}","prompt":"Count to 100.","max_tokens":200,"stream":{{Flag(streams)}}}""")),
        Route("embeddings", ClientWords.OpenAi, "embedder", [ModelWire.OpenAi], (model, _) =>
            ("/v1/embeddings", $$"""{"model":"{{model}}","input":["Hello there"]}""")) with { CanStream = false },
        Route("messages", ClientWords.Anthropic, "chat", Every, (model, streams) =>
            ("/v1/messages", $$"""{"model":"{{model}}","max_tokens":200,"messages":[{"role":"user","content":"Count to 100."}],"stream":{{Flag(streams)}}}""")),
        Route("count_tokens", ClientWords.Anthropic, "chat", [ModelWire.Anthropic, ModelWire.Gemini], (model, _) =>
            ("/v1/messages/count_tokens", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Count to 100."}]}""")) with { CanStream = false, IsMetered = false },
        Route("generateContent", ClientWords.Gemini, "chat", Every, (model, streams) => (Gemini("v1beta", model, streams), GeminiBody)),
        Route("generateContent of v1", ClientWords.Gemini, "chat", [ModelWire.Gemini], (model, streams) => (Gemini("v1", model, streams), GeminiBody)),
        Route("countTokens", ClientWords.Gemini, "chat", [ModelWire.Anthropic, ModelWire.Gemini], (model, _) =>
            ($"/v1beta/models/{model}:countTokens", GeminiBody)) with { CanStream = false, IsMetered = false },
    ];

    private static string GeminiBody => """{"contents":[{"role":"user","parts":[{"text":"Count to 100."}]}]}""";

    /// <summary>A request of it, to be refused or served as <paramref name="fault"/> says.</summary>
    public HttpRequestMessage Request(bool streams, string key, string fault = "")
    {
        (string path, string body) = Call(Alias + fault, streams);
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        (string name, string value) = Words switch
        {
            ClientWords.Anthropic => ("x-api-key", key),
            ClientWords.Gemini => ("x-goog-api-key", key),
            _ => ("authorization", "Bearer " + key),
        };
        request.Headers.TryAddWithoutValidation(name, value);
        if (Words == ClientWords.Anthropic)
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        }

        return request;
    }

    /// <summary>Every route × provider × plain or streamed, by names that a test's result shows.</summary>
    public static TheoryData<string, ModelWire, bool> Rows(Func<RouteCase, bool> isWanted)
    {
        TheoryData<string, ModelWire, bool> rows = [];
        foreach (RouteCase route in All.Where(isWanted))
        {
            foreach (ModelWire provider in route.Providers)
            {
                rows.Add(route.Name, provider, false);
                if (route.CanStream)
                {
                    rows.Add(route.Name, provider, true);
                }
            }
        }

        return rows;
    }

    public static RouteCase Of(string name) => All.Single(route => route.Name == name);

    private static RouteCase Route(string name, ClientWords words, string alias, ModelWire[] providers, Func<string, bool, (string Path, string Body)> call) =>
        new(name, words, alias, CanStream: true, IsMetered: true, providers, call);

    private static string Gemini(string version, string model, bool streams) => $"/{version}/models/{model}:{(streams ? "streamGenerateContent?alt=sse" : "generateContent")}";

    private static string Flag(bool streams) => streams ? "true" : "false";
}

/// <summary>Whose shapes of errors and headers a client knows.</summary>
internal enum ClientWords
{
    OpenAi,
    Anthropic,
    Gemini,
}
