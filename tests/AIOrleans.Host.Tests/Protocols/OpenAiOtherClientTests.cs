using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Protocols;

/// <summary>Clients of OpenAI's responses, legacy completions and embeddings, served by providers that speak Anthropic or Gemini, or chat only.</summary>
public sealed class OpenAiOtherClientTests
{
    private const string Message =
        """{"id":"msg_1","type":"message","role":"assistant","model":"up-model","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}}""";

    [Fact]
    public async Task A_response_is_served_by_a_provider_that_speaks_Anthropic_and_charged()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Message));
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigOf("anthropic", upstream));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1/responses", """{"model":"gpt-4o","instructions":"Be brief.","input":"Hi","store":false,"max_output_tokens":50}""");

        JsonElement body = await AnthropicClientTests.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("response", "completed", "Be brief."), (Text(body, "object"), Text(body, "status"), Text(body, "instructions")));
        Assert.Equal("Hello", body.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(9, body.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.Equal("store", Assert.Single(response.Headers.GetValues("x-aiorleans-dropped-params")));
        UpstreamRequest sent = Assert.Single(upstream.Requests);
        Assert.Equal("/v1/messages", sent.Path);
        using JsonDocument asked = JsonDocument.Parse(sent.Body);
        Assert.Equal("Be brief.", asked.RootElement.GetProperty("system")[0].GetProperty("text").GetString());
        Assert.Equal(0.0000525m, Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_stream_of_responses_is_served_by_a_provider_that_has_chat_only()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Message));
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigOf("openai", upstream));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1/responses", """{"model":"sim-1","input":"Hi","stream":true}""");

        string body = await response.Content.ReadAsStringAsync();
        string[] events = [.. body.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..])];
        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta"], events.Take(5));
        Assert.Equal(["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"], events.TakeLast(4));
        Assert.False(Assert.Single(await gateway.EventsAsync()).GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task What_OpenAI_keeps_is_refused_with_its_reason()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Message));
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigOf("anthropic", upstream));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, "/v1/responses", """{"model":"gpt-4o","input":"More","previous_response_id":"resp_1"}""", ("x-aiorleans-drop-params", "true"));

        JsonElement error = (await AnthropicClientTests.JsonOf(response)).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(("unsupported_content", "previous_response_id"), (Text(error, "code"), Text(error, "param")));
        Assert.Empty(upstream.Requests);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_legacy_completion_is_served_by_a_provider_that_speaks_Anthropic()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(Message));
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigOf("anthropic", upstream));

        JsonElement body = await AnthropicClientTests.JsonOf(await AnthropicClientTests.PostAsync(gateway, "/v1/completions", """{"model":"gpt-4o","prompt":"Once"}"""));

        Assert.Equal(("text_completion", "Hello"), (Text(body, "object"), Text(body.GetProperty("choices")[0], "text")));
        using JsonDocument asked = JsonDocument.Parse(Assert.Single(upstream.Requests).Body);
        Assert.Equal(16, asked.RootElement.GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"gpt-4o","input":["a","b"],"encoding_format":"base64"}""")]
    [InlineData("/v1beta/models/gpt-4o:batchEmbedContents", """{"requests":[{"model":"models/gpt-4o","content":{"parts":[{"text":"a"}]}},{"model":"models/gpt-4o","content":{"parts":[{"text":"b"}]}}]}""")]
    public async Task Vectors_come_from_a_provider_that_speaks_Gemini_and_are_estimated(string path, string call)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"embeddings":[{"values":[1,-2.5]},{"values":[0.5,0]}]}"""));
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigOf("gemini", upstream));

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, path, call);

        JsonElement body = await AnthropicClientTests.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (path == "/v1/embeddings")
        {
            Assert.Equal("AACAPwAAIMA=", Text(body.GetProperty("data")[0], "embedding"));
        }
        else
        {
            Assert.Equal(2, body.GetProperty("embeddings").GetArrayLength());
        }

        UpstreamRequest sent = Assert.Single(upstream.Requests);
        Assert.EndsWith("/models/up-model:batchEmbedContents", sent.Path, StringComparison.Ordinal);
        using JsonDocument asked = JsonDocument.Parse(sent.Body);
        Assert.All(asked.RootElement.GetProperty("requests").EnumerateArray(), one => Assert.Equal("models/up-model", Text(one, "model")));
        JsonElement usage = Assert.Single(await gateway.EventsAsync());
        Assert.True(usage.GetProperty("estimated").GetBoolean());
        Assert.True(usage.GetProperty("costUsd").GetDecimal() > 0);
        await gateway.AssertNothingHeldAsync();
    }

    private static string ConfigOf(string kind, FakeUpstream upstream) =>
        TestConfig.Json(upstream.BaseUrl).Replace("\"up\", \"kind\": \"openai\"", $"\"up\", \"kind\": \"{kind}\"", StringComparison.Ordinal);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
