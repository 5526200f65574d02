using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

/// <summary>Each kind of provider as its server sees it.</summary>
public sealed class WireTests : IAsyncDisposable
{
    private const string Body = """{ "what": "ever",  "the client": "sent é" }""";

    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    public static TheoryData<string, string, string?, WireFormat, string, string> Addresses => new()
    {
        { "openai", "/v1", null, WireFormat.OpenAiChat, "", "/v1/chat/completions" },
        { "openai", "/v1/", null, WireFormat.OpenAiChat, "stream", "/v1/chat/completions" },
        { "openai", "/api/v3", null, WireFormat.OpenAiResponses, "", "/api/v3/responses" },
        { "openai", "/v1", null, WireFormat.OpenAiCompletions, "", "/v1/completions" },
        { "openai", "/v1", null, WireFormat.OpenAiEmbeddings, "", "/v1/embeddings" },
        { "azure-openai", "/openai/v1", null, WireFormat.OpenAiChat, "", "/openai/v1/chat/completions" },
        { "azure-openai", "/openai/v1/", "preview", WireFormat.OpenAiResponses, "stream", "/openai/v1/responses?api-version=preview" },
        { "azure-openai", "", "2024-10-21", WireFormat.OpenAiChat, "", "/openai/deployments/up-model/chat/completions?api-version=2024-10-21" },
        { "azure-openai", "/openai/", "2024-10-21", WireFormat.OpenAiEmbeddings, "", "/openai/deployments/up-model/embeddings?api-version=2024-10-21" },
        { "azure-openai", "/gw", "2024-10-21", WireFormat.OpenAiCompletions, "", "/gw/openai/deployments/up-model/completions?api-version=2024-10-21" },
        { "azure-openai", "", "2025-04-01-preview", WireFormat.OpenAiResponses, "", "/openai/responses?api-version=2025-04-01-preview" },
        { "anthropic", "/v1", null, WireFormat.Anthropic, "", "/v1/messages" },
        { "anthropic", "/v1", null, WireFormat.Anthropic, "stream", "/v1/messages" },
        { "anthropic", "/v1", null, WireFormat.Anthropic, "count", "/v1/messages/count_tokens" },
        { "gemini", "/v1beta", null, WireFormat.Gemini, "", "/v1beta/models/up-model:generateContent" },
        { "gemini", "/v1beta/", null, WireFormat.Gemini, "stream", "/v1beta/models/up-model:streamGenerateContent?alt=sse" },
        { "gemini", "/v1beta", null, WireFormat.Gemini, "count", "/v1beta/models/up-model:countTokens" },
        { "gemini", "/v1beta", null, WireFormat.Gemini, "count stream", "/v1beta/models/up-model:countTokens" },
        { "gemini", "/v1beta", null, WireFormat.GeminiEmbedContent, "", "/v1beta/models/up-model:embedContent" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Sends_the_very_body_to_the_address_of_its_kind(string kind, string path, string? version, WireFormat format, string asked, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));
        AttemptRequest request = RequestTo(upstream, kind, path, format) with
        {
            Streamed = asked.Contains("stream", StringComparison.Ordinal),
            CountsOnly = asked.Contains("count", StringComparison.Ordinal),
        };

        await Chat.CallAsync(request with { Provider = request.Provider with { ApiVersion = version } }, CancellationToken.None);

        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(("POST", expected), (received.Method, received.Path));
        Assert.Equal(Body, received.Text);
        Assert.Equal(asked == "stream" ? "text/event-stream" : "application/json", received.Headers["accept"]);
        Assert.DoesNotContain("sk-upstream", received.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini", "models/gemini-2.5-pro", "/v1/models/gemini-2.5-pro:generateContent")]
    [InlineData("gemini", "tunedModels/mine", "/v1/tunedModels/mine:generateContent")]
    [InlineData("gemini", "../../v1/files", "/v1/models/..%2F..%2Fv1%2Ffiles:generateContent")]
    [InlineData("gemini", "models/..", null)]
    [InlineData("gemini", "a:b?key=x#y", "/v1/models/a%3Ab%3Fkey%3Dx%23y:generateContent")]
    [InlineData("gemini", "%2e%2e", "/v1/models/%252e%252e:generateContent")]
    [InlineData("azure-openai", "a/../b c", "/v1/openai/deployments/a%2F..%2Fb%20c/chat/completions")]
    [InlineData("azure-openai", "..\\..", "/v1/openai/deployments/..%5C../chat/completions")]
    [InlineData("azure-openai", "..", null)]
    [InlineData("azure-openai", ".", null)]
    public async Task A_models_name_stays_within_its_place_in_the_address(string kind, string model, string? expected)
    {
        await using RawUpstream upstream = RawUpstream.Start(async connection =>
        {
            string head = await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 418 Seen\r\ncontent-length: {head.Split(' ')[1].Length + 24}\r\n\r\n{{\"error\":{{\"message\":\"{head.Split(' ')[1]}\"}}}}");
        });
        AttemptRequest request = RequestTo(upstream.BaseUrl, kind, "/v1", kind == "gemini" ? WireFormat.Gemini : WireFormat.OpenAiChat) with { Model = model };
        if (expected is null)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Chat.CallAsync(request, CancellationToken.None));
            return;
        }

        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(request, CancellationToken.None));

        Assert.Equal(expected, failure.Error?.Message);
    }

    [Theory]
    [InlineData("openai", WireFormat.OpenAiChat, "authorization=Bearer sk-upstream|openai-beta=canary")]
    [InlineData("azure-openai", WireFormat.OpenAiChat, "api-key=sk-upstream|openai-beta=canary")]
    [InlineData("anthropic", WireFormat.Anthropic, "anthropic-beta=canary|anthropic-version=canary|x-api-key=sk-upstream")]
    [InlineData("gemini", WireFormat.Gemini, "x-goog-api-key=sk-upstream")]
    public async Task Sends_its_own_credential_and_only_allowed_headers(string kind, WireFormat format, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));
        string[] names =
        [
            "Authorization", "x-api-key", "api-key", "x-goog-api-key", "Cookie", "Idempotency-Key", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta",
            "anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access", "x-goog-user-project", "X-Forwarded-For", "Host",
        ];

        await Chat.CallAsync(
            RequestTo(upstream, kind, "/openai/v1", format) with { ClientHeaders = names.Select(name => KeyValuePair.Create(name, "canary")) }, CancellationToken.None);

        string[] usual = ["accept", "content-length", "content-type", "host", "user-agent"];
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(expected, string.Join('|', received.Headers.Select(h => $"{h.Key.ToLowerInvariant()}={h.Value}")
            .Where(header => !usual.Contains(header.Split('=')[0])).Order(StringComparer.Ordinal)));
        Assert.DoesNotContain("canary", received.Headers["host"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anthropic_gets_a_version_when_the_client_named_none()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));

        await Chat.CallAsync(RequestTo(upstream, "anthropic", "/v1", WireFormat.Anthropic), CancellationToken.None);

        Assert.Equal("2023-06-01", Assert.Single(upstream.Requests).Headers["anthropic-version"]);
    }

    [Theory]
    [InlineData("openai", WireFormat.OpenAiChat, "openai-version=1|x-upstream-ratelimit-remaining-tokens=2|x-upstream-request-id=r")]
    [InlineData("azure-openai", WireFormat.OpenAiChat, "openai-version=1|x-upstream-apim-request-id=a|x-upstream-ms-region=e|x-upstream-ratelimit-remaining-tokens=2|x-upstream-request-id=r")]
    [InlineData("anthropic", WireFormat.Anthropic, "x-upstream-anthropic-ratelimit-input-tokens-remaining=3|x-upstream-request-id=q")]
    [InlineData("gemini", WireFormat.Gemini, "x-upstream-request-id=r")]
    public async Task Shows_the_providers_headers_under_other_names(string kind, WireFormat format, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(
            AnswerOf(format), 200,
            ("openai-version", "1"), ("openai-organization", "canary"), ("x-ratelimit-remaining-tokens", "2"), ("x-request-id", "r"), ("request-id", "q"),
            ("apim-request-id", "a"), ("x-ms-region", "e"), ("anthropic-ratelimit-input-tokens-remaining", "3"), ("anthropic-organization-id", "canary"),
            ("set-cookie", "canary"), ("server-timing", "canary")));

        var answered = Assert.IsType<AttemptResult.Answered>(await Chat.CallAsync(RequestTo(upstream, kind, "/openai/v1", format), CancellationToken.None));

        Assert.Equal(expected.Split('|'), answered.Headers.Select(h => $"{h.Key}={h.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("openai", WireFormat.OpenAiChat)]
    [InlineData("openai", WireFormat.OpenAiResponses)]
    [InlineData("openai", WireFormat.OpenAiCompletions)]
    [InlineData("openai", WireFormat.OpenAiEmbeddings)]
    [InlineData("azure-openai", WireFormat.OpenAiChat)]
    [InlineData("anthropic", WireFormat.Anthropic)]
    [InlineData("gemini", WireFormat.Gemini)]
    public async Task Reads_the_usage_of_an_answer_that_it_brings_as_it_was_sent(string kind, WireFormat format)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(AnswerOf(format)));

        var answered = Assert.IsType<AttemptResult.Answered>(await Chat.CallAsync(RequestTo(upstream, kind, "/openai/v1", format), CancellationToken.None));

        Assert.Equal(AnswerOf(format), Encoding.UTF8.GetString(answered.Body.Span));
        Assert.Equal((9L, format == WireFormat.OpenAiEmbeddings ? 0L : 2L), (answered.Chat.Usage?.UncachedInput, answered.Chat.Usage?.Output));
    }

    [Theory]
    [InlineData("anthropic", WireFormat.Anthropic, "event: message_start\ndata: {\"type\":\"message_start\"}\n\n")]
    [InlineData("gemini", WireFormat.Gemini, "data: {\"candidates\":[]}\r\n\r\n")]
    [InlineData("azure-openai", WireFormat.OpenAiResponses, "event: response.created\ndata: {}\n\n")]
    public async Task Streams_the_very_bytes(string kind, WireFormat format, string events)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(Encoding.UTF8.GetBytes(events), "text/event-stream; charset=utf-8"));

        var streamed = Assert.IsType<AttemptResult.Streamed>(
            await Chat.CallAsync(RequestTo(upstream, kind, "/openai/v1", format) with { Streamed = true }, CancellationToken.None));

        await using AnswerStream body = streamed.Body;
        Assert.Equal(events, await Attempts.ReadToEndAsync(body));
    }

    [Fact]
    public async Task A_stream_of_gemini_that_is_an_array_is_no_stream()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Json("""[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]"""));

        AttemptFailure failure = await Attempts.FailureOf(
            Chat.CallAsync(RequestTo(upstream, "gemini", "/v1beta", WireFormat.Gemini) with { Streamed = true }, CancellationToken.None));

        Assert.Equal((FailureKind.Garbage, new ChatError(ErrorKind.Overloaded, "The model is overloaded.")), (failure.Kind, failure.Error));
    }

    [Theory]
    [InlineData("anthropic", WireFormat.Anthropic, """{"input_tokens":12}""")]
    [InlineData("gemini", WireFormat.Gemini, """{"totalTokens":12,"promptTokensDetails":[]}""")]
    public async Task Counts_tokens_and_bills_nothing(string kind, WireFormat format, string body)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(body), UpstreamScripts.Json("{}"));
        AttemptRequest request = RequestTo(upstream, kind, "/v1", format) with { CountsOnly = true };

        var counted = Assert.IsType<AttemptResult.Counted>(await Chat.CallAsync(request, CancellationToken.None));
        AttemptFailure failure = await Attempts.FailureOf(Chat.CallAsync(request, CancellationToken.None));

        Assert.Equal((12L, body), (counted.Tokens, Encoding.UTF8.GetString(counted.Body.Span)));
        Assert.Equal((FailureKind.Garbage, false), (failure.Kind, failure.MayBeBilled));
    }

    [Fact]
    public async Task A_count_that_its_client_leaves_was_not_billed()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        using CancellationTokenSource client = new();
        Task<AttemptResult> call = Chat.CallAsync(RequestTo(upstream, "anthropic", "/v1", WireFormat.Anthropic) with { CountsOnly = true }, client.Token);
        await upstream.NextRequestAsync();
        await client.CancelAsync();

        Assert.False((await Assert.ThrowsAsync<AttemptCancelledException>(() => call)).MayBeBilled);
    }

    [Theory]
    [InlineData("openai", WireFormat.Anthropic, false)]
    [InlineData("openai", WireFormat.OpenAiChat, true)]
    [InlineData("anthropic", WireFormat.OpenAiChat, false)]
    [InlineData("gemini", WireFormat.OpenAiChat, false)]
    [InlineData("nobody", WireFormat.OpenAiChat, false)]
    public async Task A_call_that_the_kind_does_not_speak_is_a_mistake_of_the_caller(string kind, WireFormat format, bool counts) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => Chat.CallAsync(RequestTo(new Uri("http://127.0.0.1:1"), kind, "/v1", format) with { CountsOnly = counts }, CancellationToken.None));

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static AttemptRequest RequestTo(FakeUpstream upstream, string kind, string path, WireFormat format) =>
        RequestTo(upstream.BaseUrl, kind, path, format);

    private static AttemptRequest RequestTo(Uri server, string kind, string path, WireFormat format) =>
        Attempts.Request(Attempts.Provider(new Uri(server.GetLeftPart(UriPartial.Authority) + path), apiKey: "sk-upstream") with { Kind = kind }, body: Body) with
        {
            Format = format,
        };

    private static string AnswerOf(WireFormat format) => format switch
    {
        WireFormat.OpenAiResponses =>
            """{"id":"resp_1","object":"response","status":"completed","model":"m","output":[],"usage":{"input_tokens":9,"output_tokens":2,"total_tokens":11}}""",
        WireFormat.OpenAiCompletions =>
            """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"Hi","finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""",
        WireFormat.OpenAiEmbeddings =>
            """{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":9,"total_tokens":9}}""",
        WireFormat.Anthropic =>
            """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":2}}""",
        WireFormat.Gemini =>
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"totalTokenCount":11}}""",
        _ => ChatSamples.Answer(),
    };
}
