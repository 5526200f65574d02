using System.Net;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Spread;

/// <summary>A key is revoked while a call of it is on the way.</summary>
public sealed class RevokedWhileWaitingTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    [Fact]
    public async Task A_call_that_waits_in_line_is_refused_when_its_turn_comes_and_costs_nothing()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(Nowhere, limits: new Dictionary<string, string> { ["key"] = """{ "requestsPerMinute": 20, "requestBurst": 1 }""" }));
        using HttpResponseMessage first = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(ChatSamples.Request("sim-1"), Encoding.UTF8, "application/json") };
        request.Headers.Add("x-aiorleans-queue-ms", "20000");
        Task<HttpResponseMessage> waiting = gateway.Client.SendAsync(request);
        await Patience.UntilAsync("the call waits in line, or is through it", async () => waiting.IsCompleted || await LineOf(gateway) == 1);
        Assert.False(waiting.IsCompleted);

        using HttpResponseMessage revoked = await gateway.Admin.PostAsync("/api/v1/keys/acme.eng.k1/revoke", content: null);

        using HttpResponseMessage refused = await waiting;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (revoked.StatusCode, refused.StatusCode));
        await gateway.AssertNothingHeldAsync();
        Assert.Equal(1, (await gateway.EventsAsync()).Sum(settled => settled.GetProperty("requests").GetInt32()));
    }

    private static async Task<int> LineOf(RunningGateway gateway)
    {
        using JsonDocument live = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/accounts/key/acme.eng.k1/live"));
        return live.RootElement.GetProperty("line").GetProperty("length").GetInt32();
    }
}
