using System.Net;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Protocols;

/// <summary>Clients of Anthropic's messages, served by a provider that speaks OpenAI's chat completions.</summary>
public sealed class AnthropicClientTests
{
    private const string Call = """{"model":"gpt-4o","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task An_answer_comes_in_the_clients_own_words_and_is_charged()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello", promptTokens: 9, completionTokens: 3)));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await PostAsync(gateway, "/v1/messages", Call);

        JsonElement body = await JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("message", "assistant", "end_turn"), (Text(body, "type"), Text(body, "role"), Text(body, "stop_reason")));
        Assert.Equal("Hello", body.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal((9, 3), (body.GetProperty("usage").GetProperty("input_tokens").GetInt32(), body.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
        Assert.True(response.Headers.Contains("request-id"));
        Assert.Equal("up", Assert.Single(response.Headers.GetValues("x-aiorleans-provider")));
        using JsonDocument sent = JsonDocument.Parse(Assert.Single(upstream.Requests).Body);
        Assert.Equal("up-model", Text(sent.RootElement, "model"));
        Assert.Equal("/v1/chat/completions", upstream.Requests.Single().Path);

        JsonElement usage = Assert.Single(await gateway.EventsAsync());
        Assert.False(usage.GetProperty("estimated").GetBoolean());
        Assert.Equal(0.0000525m, usage.GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_stream_has_the_events_of_the_protocol()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(ChatSamples.Stream("Hel", "lo")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await PostAsync(gateway, "/v1/messages", Call.Replace("50,", "50,\"stream\":true,", StringComparison.Ordinal));

        string body = await response.Content.ReadAsStringAsync();
        string[] events = [.. body.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..])];
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("message_start", events[0]);
        Assert.Equal("message_stop", events[^1]);
        Assert.Equal(2, events.Count(name => name == "content_block_delta"));
        Assert.False(Assert.Single(await gateway.EventsAsync()).GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task A_refusal_has_the_shape_of_the_protocol()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string> { ["key"] = """{"requestsPerMinute":1}""" }));
        await PostAsync(gateway, "/v1/messages", Call);

        HttpResponseMessage response = await PostAsync(gateway, "/v1/messages", Call);

        JsonElement body = await JsonOf(response);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("error", Text(body, "type"));
        Assert.Equal("rate_limit_error", Text(body.GetProperty("error"), "type"));
        Assert.Equal(Text(body, "request_id"), Assert.Single(response.Headers.GetValues("request-id")));
        Assert.Equal("rejected", Assert.Single(response.Headers.GetValues("anthropic-ratelimit-unified-status")));
        Assert.Equal("0", Assert.Single(response.Headers.GetValues("anthropic-ratelimit-requests-remaining")));
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task What_the_provider_cannot_be_told_is_refused_or_left_out_as_the_client_wishes()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        string call = Call.Replace("50,", "50,\"top_k\":5,", StringComparison.Ordinal);

        HttpResponseMessage refused = await PostAsync(gateway, "/v1/messages", call);
        HttpResponseMessage served = await PostAsync(gateway, "/v1/messages", call, ("x-aiorleans-drop-params", "true"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("'top_k'", Text((await JsonOf(refused)).GetProperty("error"), "message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("top_k", Assert.Single(served.Headers.GetValues("x-aiorleans-dropped-params")));
        Assert.Single(upstream.Requests);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Tokens_are_counted_without_being_charged()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await PostAsync(gateway, "/v1/messages/count_tokens", """{"model":"gpt-4o","messages":[{"role":"user","content":"How many?"}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange((await JsonOf(response)).GetProperty("input_tokens").GetInt32(), 13, 17);
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("x-aiorleans-estimated")));
        Assert.Empty(upstream.Requests);
        Assert.Empty(await gateway.EventsAsync());
    }

    [Fact]
    public async Task Models_are_listed_as_the_client_knows_them()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        ask.Headers.Add("anthropic-version", "2023-06-01");

        JsonElement models = await JsonOf(await gateway.Client.SendAsync(ask));

        Assert.False(models.GetProperty("has_more").GetBoolean());
        Assert.Contains("gpt-4o", models.GetProperty("data").EnumerateArray().Select(model => Text(model, "id")));
    }

    internal static Task<HttpResponseMessage> PostAsync(RunningGateway gateway, string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return gateway.Client.SendAsync(request);
    }

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
