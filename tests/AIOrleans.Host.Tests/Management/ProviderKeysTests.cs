using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Management;

public sealed class ProviderKeysTests
{
    [Fact]
    public async Task Shows_which_key_is_dead_and_never_the_key()
    {
        UpstreamScript refuse = UpstreamScripts.Json(ChatSamples.Error("Incorrect API key provided: sk-dead"), 401);
        UpstreamScript answer = UpstreamScripts.Json(ChatSamples.Answer());
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            (http, request) => (request.Headers["authorization"] == "Bearer sk-dead" ? refuse : answer)(http, request));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl)
                .Replace("\"apiKey\": \"sk-upstream-canary\"", "\"apiKeys\": [\"sk-dead\", \"sk-alive\"]", StringComparison.Ordinal));

        string[] attempts = [await AttemptsOfCallAsync(gateway), await AttemptsOfCallAsync(gateway)];
        string text = await gateway.Admin.GetStringAsync("/api/v1/providers/up/live");

        Assert.Equal(["1", "1"], attempts);
        JsonElement keys = JsonDocument.Parse(text).RootElement.GetProperty("keys");
        Assert.Equal(
            ["0 1 1", "1 2 0"],
            keys.EnumerateArray().Select(key => $"{key.GetProperty("position")} {key.GetProperty("uses")} {key.GetProperty("refusals")}"));
        Assert.Equal(401, keys[0].GetProperty("lastRefusal").GetProperty("status").GetInt32());
        Assert.True(keys[0].GetProperty("rests")[0].GetProperty("until").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Equal(0, keys[1].GetProperty("rests").GetArrayLength());
        Assert.DoesNotContain("sk-", text, StringComparison.Ordinal);
        Assert.Equal(3, upstream.Requests.Count);
    }

    private static async Task<string> AttemptsOfCallAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("x-aiorleans-attempts").Single();
    }
}
