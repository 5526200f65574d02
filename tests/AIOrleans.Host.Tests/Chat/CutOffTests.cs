using System.Globalization;
using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Host.Tests.Chat;

/// <summary>Streams under a quota with <c>"cutOff": true</c>. One output token costs $0.00001; the first call expects 500 of them.</summary>
public sealed class CutOffTests
{
    /// <summary>Eight words, estimated at ten tokens of a model that nothing is known of.</summary>
    private const string TenTokens = " one two three four five six seven eight";

    /// <summary>Half of the first hold: the largest step that is asked for at once.</summary>
    private const decimal OneStep = 0.0026m;

    [Fact]
    public async Task A_stream_is_cut_off_where_its_budget_ends_and_the_provider_is_let_go()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(Endless);
        await using RunningGateway gateway = await StartAsync(upstream, 0.007m, cutOff: true);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));
        string text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        string last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        using JsonDocument error = JsonDocument.Parse(last["data: ".Length..]);
        Assert.Equal("budget_cut_off", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("insufficient_quota", error.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("user:acme.eng.dev", error.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await Assert.Single(upstream.Requests).Closed.WaitAsync(TimeSpan.FromSeconds(30));

        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.Equal((402, "client", true),
            (settled.GetProperty("status").GetInt32(), settled.GetProperty("failedBy").GetString(), settled.GetProperty("estimated").GetBoolean()));
        Assert.InRange(settled.GetProperty("costUsd").GetDecimal(), 0.005m, 0.007m + OneStep);
        await gateway.AssertNothingHeldAsync();

        using HttpResponseMessage next = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));
        Assert.Equal(HttpStatusCode.PaymentRequired, next.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_pauses_is_cut_off_close_to_its_budget()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await StartAsync(upstream, 0.007m, cutOff: true);

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        UpstreamRequest received = await upstream.NextRequestAsync();
        while (!received.Closed.IsCompleted)
        {
            // Ten milliseconds a piece: every question of the guard is answered before the next one.
            await Task.WhenAny(feed.SendAsync(ChatSamples.Word(TenTokens)), received.Closed);
            await Task.WhenAny(Task.Delay(10), received.Closed);
        }

        using HttpResponseMessage response = await asked;
        Assert.Contains("budget_cut_off", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        decimal cost = Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal();
        Assert.InRange(cost, 0.006m, 0.0075m);
    }

    [Fact]
    public async Task With_room_the_hold_grows_and_the_stream_ends_as_it_would_have()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await StartAsync(upstream, 1m, cutOff: true);

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        for (int i = 0; i < 60; i++)
        {
            await feed.SendAsync(ChatSamples.Word(TenTokens));
        }

        using HttpResponseMessage response = await asked;
        await WhenHeldAsync(gateway, moreThan: 0.006m);
        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync(ChatSamples.UsageChunk(9, 600));
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();

        Assert.Contains("[DONE]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.Equal((200, false, 600L),
            (settled.GetProperty("status").GetInt32(), settled.GetProperty("estimated").GetBoolean(), settled.GetProperty("tokens").GetProperty("output").GetInt64()));
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Without_cutOff_an_overrun_is_carried_as_debt()
    {
        string[] words = [.. Enumerable.Repeat(TenTokens, 90)];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse([.. words.Select(ChatSamples.Word), ChatSamples.Finish, ChatSamples.UsageChunk(9, 900), "[DONE]"]));
        await using RunningGateway gateway = await StartAsync(upstream, 0.007m, cutOff: false);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));

        Assert.Contains("[DONE]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal() > 0.009m);
    }

    [Fact]
    public async Task A_rate_that_is_used_up_cuts_nothing_off()
    {
        string[] words = [.. Enumerable.Repeat(TenTokens, 90)];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse([.. words.Select(ChatSamples.Word), ChatSamples.Finish, ChatSamples.UsageChunk(9, 900), "[DONE]"]));
        await using RunningGateway gateway = await StartAsync(upstream, 1m, cutOff: true, rates: "\"tokensPerMinute\": 600,");

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));

        Assert.Contains("[DONE]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage next = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));
        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
    }

    /// <summary>Writes as fast as it can until nobody reads.</summary>
    private static async Task Endless(HttpContext http, UpstreamRequest request)
    {
        http.Response.ContentType = "text/event-stream";
        while (!request.Closed.IsCompleted)
        {
            await http.Response.WriteAsync($"data: {ChatSamples.Word(TenTokens)}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream, decimal budget, bool cutOff, string rates = "")
    {
        string flag = cutOff ? ", \"cutOff\": true" : "";
        string limits = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{ {{rates}} "quotas": [ { "metric": "cost", "period": "month", "amount": {{budget}}, "mode": "expected"{{flag}} } ] }""");
        return RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string> { ["user"] = limits }));
    }

    private static async Task WhenHeldAsync(RunningGateway gateway, decimal moreThan)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        decimal held;
        do
        {
            await Task.Delay(5, patience.Token);
            using JsonDocument live = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/accounts/user/acme.eng.dev/live", patience.Token));
            held = Assert.Single(live.RootElement.GetProperty("quotas").EnumerateArray()).GetProperty("held").GetDecimal();
        }
        while (held <= moreThan);
    }
}
