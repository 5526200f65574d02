using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

public sealed class AnswerTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Chat => services.GetRequiredService<IChatProvider>();

    [Fact]
    public async Task Brings_a_complete_answer_as_it_was_sent()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        AttemptRequest request = Attempts.Request(Attempts.Provider(upstream.BaseUrl));

        var answered = Assert.IsType<AttemptResult.Answered>(await Chat.CallAsync(request, CancellationToken.None));

        Assert.Equal(ChatSamples.Answer(), Encoding.UTF8.GetString(answered.Body.Span));
        Assert.Equal((200, "application/json"), (answered.Status, answered.ContentType));
        Assert.Equal(new TokenUsage { UncachedInput = 9, Output = 2 }, answered.Chat.Usage);
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(("POST", "/v1/chat/completions"), (received.Method, received.Path));
        Assert.Equal(request.Body.ToArray(), received.Body);
    }

    [Fact]
    public async Task Brings_a_large_answer_without_a_length()
    {
        string answer = ChatSamples.Answer(new string('x', 300_000));
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(answer));

        AttemptResult result = await Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl)), CancellationToken.None);

        Assert.Equal(answer, Encoding.UTF8.GetString(Assert.IsType<AttemptResult.Answered>(result).Body.Span));
    }

    [Fact]
    public async Task Streams_the_very_bytes()
    {
        string[] data = ChatSamples.Stream("Hi", " there", " é");
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(data));

        AttemptResult result = await Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl), stream: true), CancellationToken.None);

        await using AnswerStream body = Assert.IsType<AttemptResult.Streamed>(result).Body;
        Assert.Equal(string.Concat(data.Select(d => $"data: {d}\n\n")), await Attempts.ReadToEndAsync(body));
    }

    [Fact]
    public async Task Hands_the_first_chunk_on_before_the_second_is_sent()
    {
        SseFeed feed = new();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        Task<AttemptResult> call = Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl), stream: true), CancellationToken.None);

        await feed.SendAsync("one");
        await using AnswerStream body = Assert.IsType<AttemptResult.Streamed>(await call).Body;
        Assert.Equal("data: one\n\n", await ReadAsync(body));
        await feed.SendAsync("two");
        Assert.Equal("data: two\n\n", await ReadAsync(body));
        await feed.EndAsync();
        Assert.Equal("", await ReadAsync(body));
    }

    [Fact]
    public async Task Sends_only_allowed_headers_and_its_own_credentials()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        AttemptRequest request = Attempts.Request(Attempts.Provider(upstream.BaseUrl, apiKey: "sk-upstream")) with
        {
            ClientHeaders = new Dictionary<string, string>
            {
                ["Authorization"] = "Bearer canary",
                ["x-api-key"] = "canary",
                ["api-key"] = "canary",
                ["Cookie"] = "a=canary",
                ["Idempotency-Key"] = "canary",
                ["OpenAI-Organization"] = "canary",
                ["OpenAI-Project"] = "canary",
                ["X-Forwarded-For"] = "canary",
                ["X-Stainless-Lang"] = "canary",
                ["OpenAI-Beta"] = "assistants=v2",
            },
        };

        await Chat.CallAsync(request, CancellationToken.None);

        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(
            ["Accept", "Authorization", "Content-Length", "Content-Type", "Host", "OpenAI-Beta", "User-Agent"],
            received.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("Bearer sk-upstream", received.Headers["authorization"]);
        Assert.Equal("application/json", received.Headers["content-type"]);
        Assert.Equal("assistants=v2", received.Headers["openai-beta"]);
        Assert.DoesNotContain(received.Headers.Values, value => value.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shows_only_allowed_headers_of_the_provider()
    {
        (string, string)[] headers =
        [
            ("openai-processing-ms", "12"), ("openai-version", "2020-10-01"), ("x-request-id", "req_1"), ("openai-organization", "secret-org"),
            ("x-ratelimit-remaining-tokens", "5"), ("set-cookie", "a=b"), ("server", "x"), ("retry-after", "5"),
        ];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Json(ChatSamples.Answer(), 200, headers), UpstreamScripts.SseWith(headers, ChatSamples.Stream("Hi")));
        string[] expected =
            ["openai-processing-ms=12", "openai-version=2020-10-01", "x-upstream-ratelimit-remaining-tokens=5", "x-upstream-request-id=req_1"];

        var answered = Assert.IsType<AttemptResult.Answered>(
            await Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl)), CancellationToken.None));
        Assert.Equal(expected, answered.Headers.Select(h => $"{h.Key}={h.Value}").Order(StringComparer.Ordinal));

        var streamed = Assert.IsType<AttemptResult.Streamed>(
            await Chat.CallAsync(Attempts.Request(Attempts.Provider(upstream.BaseUrl), stream: true), CancellationToken.None));
        await using AnswerStream body = streamed.Body;
        Assert.Equal(expected, streamed.Headers.Select(h => $"{h.Key}={h.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "/v1/chat/completions")]
    [InlineData("/", "/v1/chat/completions")]
    [InlineData("?api-version=2024", "/v1/chat/completions?api-version=2024")]
    public async Task Joins_the_address(string suffix, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));

        await Chat.CallAsync(Attempts.Request(Attempts.Provider(new Uri(upstream.BaseUrl + suffix))), CancellationToken.None);

        Assert.Equal(expected, Assert.Single(upstream.Requests).Path);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static async Task<string> ReadAsync(AnswerStream body)
    {
        byte[] buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer, CancellationToken.None));
    }
}
