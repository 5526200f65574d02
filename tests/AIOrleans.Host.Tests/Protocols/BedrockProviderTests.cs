using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Protocols;

/// <summary>Clients of every protocol, served by a fake Bedrock that checks signatures.</summary>
public sealed class BedrockProviderTests
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string SecretKey = "canary-secret-access-key";
    private const string Model = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

    [Theory]
    [InlineData("/v1/messages", """{"model":"gpt-4o","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""", "Hi there")]
    [InlineData("/v1/messages", """{"model":"gpt-4o","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""", "event: message_stop")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", "Hi there")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hi"}]}""", "data: [DONE]")]
    [InlineData("/v1beta/models/gpt-4o:generateContent", """{"contents":[{"parts":[{"text":"Hi"}]}]}""", "Hi there")]
    [InlineData("/v1beta/models/gpt-4o:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"Hi"}]}]}""", "\"finishReason\":\"STOP\"")]
    public async Task Answers_and_streams_come_in_the_clients_own_words_and_are_charged(string path, string call, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(Signed(async (http, request) =>
            await (http.Request.Path.Value?.EndsWith("converse-stream", StringComparison.Ordinal) == true
                ? BedrockScripts.Frames(BedrockScripts.Stream("Hi", " there"))
                : UpstreamScripts.Json(BedrockScripts.Answer))(http, request)));
        await using RunningGateway gateway = await StartAsync(upstream);

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(gateway, path, call);

        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        Assert.Contains(expected, body, StringComparison.Ordinal);
        JsonElement usage = Assert.Single(await gateway.EventsAsync());
        Assert.False(usage.GetProperty("estimated").GetBoolean());
        Assert.Equal(0.0000425m, usage.GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_stream_that_breaks_is_charged_and_ends_without_its_end_mark()
    {
        byte[][] frames = BedrockScripts.Stream("Hi");
        frames[2][^1] ^= 1;
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(Signed(BedrockScripts.Frames(frames)));
        await using RunningGateway gateway = await StartAsync(upstream);

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(
            gateway, "/v1/messages", """{"model":"gpt-4o","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        string body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"text\":\"Hi\"", body, StringComparison.Ordinal);
        Assert.Contains("event: error", body, StringComparison.Ordinal);
        Assert.DoesNotContain("message_stop", body, StringComparison.Ordinal);
        Assert.True(Assert.Single(await gateway.EventsAsync()).GetProperty("estimated").GetBoolean());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Tokens_are_counted_by_bedrock()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(Signed(UpstreamScripts.Json("""{"inputTokens":42}""")));
        await using RunningGateway gateway = await StartAsync(upstream);

        HttpResponseMessage response = await AnthropicClientTests.PostAsync(
            gateway, "/v1/messages/count_tokens", """{"model":"gpt-4o","messages":[{"role":"user","content":"How many?"}]}""");

        Assert.Equal(42, (await AnthropicClientTests.JsonOf(response)).GetProperty("input_tokens").GetInt32());
        Assert.EndsWith("/count-tokens", Assert.Single(upstream.Requests).Path, StringComparison.Ordinal);
        Assert.Empty(await gateway.EventsAsync());
    }

    private static UpstreamScript Signed(UpstreamScript then) => BedrockScripts.Signed(KeyId, SecretKey, null, "eu-central-1", TimeProvider.System, then);

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream) => RunningGateway.StartAsync(TestConfig.Json(new Uri(upstream.BaseUrl, "/"))
        .Replace("\"kind\": \"openai\"", "\"kind\": \"bedrock\", \"awsRegion\": \"eu-central-1\"", StringComparison.Ordinal)
        .Replace("\"apiKey\": \"sk-upstream-canary\"", $"\"accessKeyId\": \"{KeyId}\", \"secretAccessKey\": \"{SecretKey}\"", StringComparison.Ordinal)
        .Replace("\"up-model\"", $"\"{Model}\"", StringComparison.Ordinal));
}
