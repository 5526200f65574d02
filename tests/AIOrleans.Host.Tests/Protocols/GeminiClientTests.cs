using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Protocols;

/// <summary>Clients of Gemini, served by a provider that speaks OpenAI's chat completions.</summary>
public sealed class GeminiClientTests
{
    private const string Call = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":50}}""";

    [Fact]
    public async Task An_answer_comes_in_the_clients_own_words_and_is_charged()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello", promptTokens: 9, completionTokens: 3)));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1beta/models/gpt-4o:generateContent", Call);

        JsonElement body = await AnthropicClientTests.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Hello", body.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal("STOP", body.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal(9, body.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32());
        Assert.Equal(0.0000525m, Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_stream_has_the_events_of_the_protocol()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(ChatSamples.Stream("Hel", "lo")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1beta/models/gpt-4o:streamGenerateContent?alt=sse", Call);

        string body = await response.Content.ReadAsStringAsync();
        JsonElement[] events = [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(part => JsonDocument.Parse(part["data: ".Length..]).RootElement)];
        Assert.Equal("STOP", events[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.DoesNotContain("[DONE]", body, StringComparison.Ordinal);
        Assert.False(Assert.Single(await gateway.EventsAsync()).GetProperty("estimated").GetBoolean());
    }

    [Theory]
    [InlineData("/v1beta/models/nobody:generateContent", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("/v1beta/models/gpt-4o:dance", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("/v1beta/models/secret:generateContent", HttpStatusCode.Forbidden, "PERMISSION_DENIED")]
    [InlineData("/v1beta/models/gpt-4o:streamGenerateContent", HttpStatusCode.BadRequest, "INVALID_ARGUMENT")]
    public async Task A_refusal_has_the_shape_of_the_protocol(string path, HttpStatusCode status, string word)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, path, Call);

        JsonElement error = (await AnthropicClientTests.JsonOf(response)).GetProperty("error");
        Assert.Equal((status, (int)status, word), (response.StatusCode, error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Tokens_are_counted_and_models_listed()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        JsonElement count = await AnthropicClientTests.JsonOf(await AnthropicClientTests.PostAsync(gateway, "/v1beta/models/gpt-4o:countTokens", Call));
        JsonElement models = await AnthropicClientTests.JsonOf(await gateway.Client.GetAsync("/v1beta/models"));

        Assert.InRange(count.GetProperty("totalTokens").GetInt32(), 1, 100);
        Assert.Contains("models/gpt-4o", models.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.Empty(await gateway.EventsAsync());
    }

    [Fact]
    public async Task The_addresses_of_the_stable_version_are_served_too()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("Hello")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        using var google = new HttpClient { BaseAddress = gateway.Url };
        google.DefaultRequestHeaders.Add("x-goog-api-key", TestConfig.Key);

        JsonElement answer = await AnthropicClientTests.JsonOf(await AnthropicClientTests.PostAsync(gateway, "/v1/models/gpt-4o:generateContent", Call));
        JsonElement models = await AnthropicClientTests.JsonOf(await google.GetAsync("/v1/models"));
        JsonElement unknown = await AnthropicClientTests.JsonOf(await google.GetAsync("/v1/nothing"));

        Assert.Equal("Hello", answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Contains("models/gpt-4o", models.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.Equal("NOT_FOUND", unknown.GetProperty("error").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Tokens_counted_by_a_provider_of_another_protocol_are_told_in_the_clients_words()
    {
        await using ModelServer provider = await ModelServer.StartAsync(ModelWire.Anthropic);
        string config = TestConfig.Json(provider.BaseUrl).Replace("\"kind\": \"openai\"", "\"kind\": \"anthropic\"", StringComparison.Ordinal)
            .Replace("sk-upstream-canary", ModelServer.ApiKey, StringComparison.Ordinal).Replace("up-model", provider.Names.Chat, StringComparison.Ordinal);
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1beta/models/gpt-4o:countTokens", Call);

        Assert.Equal("""{"totalTokens":1}""", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("x-aiorleans-estimated"));
    }
}
