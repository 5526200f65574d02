using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Faults;

public sealed class ProviderFaultTests
{
    private const string QuickTimeouts = """{ "connectSeconds": 1, "firstByteSeconds": 1, "idleSeconds": 1 }""";

    public static TheoryData<string, int> FaultsBeforeAnAnswer => new()
    {
        { "500", 502 },
        { "garbage", 502 },
        { "not-chat", 502 },
        { "reset", 502 },
        { "silence", 504 },
        { "overloaded", 503 },
    };

    [Theory]
    [MemberData(nameof(FaultsBeforeAnAnswer))]
    public async Task A_provider_that_gives_no_answer_becomes_a_clear_error_and_holds_nothing(string fault, int status)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(ScriptOf(fault));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, timeouts: QuickTimeouts));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(status, (int)response.StatusCode);
        string body = await response.Content.ReadAsStringAsync();
        Assert.Contains("provider_failed", body, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", body, StringComparison.Ordinal);
        Assert.Equal("provider", Assert.Single(await gateway.EventsAsync()).GetProperty("failedBy").GetString());
        await gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [InlineData("500")]
    [InlineData("garbage")]
    [InlineData("reset")]
    [InlineData("silence")]
    [InlineData("overloaded")]
    public async Task Another_deployment_answers_when_the_first_fails(string fault)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(ScriptOf(fault));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, spare.BaseUrl, timeouts: QuickTimeouts));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("spare", Assert.Single(response.Headers.GetValues("x-aiorleans-provider")));
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-aiorleans-attempts")));
        Assert.Equal(1, (await gateway.EventsAsync()).Sum(e => e.GetProperty("requests").GetInt32()));
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_request_that_the_provider_calls_malformed_is_told_so_and_not_tried_elsewhere()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("temperature must be below 2", "invalid_request_error"), 400));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, spare.BaseUrl));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("temperature must be below 2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(spare.Requests);
        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(0m, settled.GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("truncated")]
    [InlineData("error-event")]
    public async Task A_stream_that_breaks_ends_with_an_error_event_and_never_looks_complete(string fault)
    {
        string begun = $"data: {ChatSamples.Word("Once")}\n\n";
        UpstreamScript script = fault switch
        {
            "silence" => UpstreamScripts.SilenceAfter(begun),
            "truncated" => UpstreamScripts.Sse(ChatSamples.Word("Once")),
            _ => UpstreamScripts.Sse(ChatSamples.Word("Once"), ChatSamples.Error("the model fell over")),
        };
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(script);
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, timeouts: QuickTimeouts));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true));
        string text = await response.Content.ReadAsStringAsync();

        Assert.Contains("Once", text, StringComparison.Ordinal);
        await AssertBrokenAsync(gateway, text);
    }

    [Fact]
    public async Task A_stream_whose_connection_is_reset_ends_with_an_error_event()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Once"));
        using HttpResponseMessage response = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        await feed.ResetAsync();

        await AssertBrokenAsync(gateway, await response.Content.ReadAsStringAsync());
    }

    private static async Task AssertBrokenAsync(RunningGateway gateway, string text)
    {
        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.True(settled.GetProperty("estimated").GetBoolean());
        Assert.True(settled.GetProperty("costUsd").GetDecimal() > 0);
        Assert.Equal("provider", settled.GetProperty("failedBy").GetString());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_mid_stream_is_charged_what_was_written_and_the_provider_is_let_go()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        UpstreamRequest received = await upstream.NextRequestAsync();
        await feed.SendAsync(ChatSamples.Word("Once upon a time"));
        HttpResponseMessage response = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        Stream stream = await response.Content.ReadAsStreamAsync();
        Assert.True(await stream.ReadAsync(new byte[16]) > 0);
        response.Dispose();

        await received.Closed.WaitAsync(TimeSpan.FromSeconds(30));
        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.Equal("client", settled.GetProperty("failedBy").GetString());
        Assert.True(settled.GetProperty("estimated").GetBoolean());
        // Of a model that nothing is known of, as the family that needs most would count.
        Assert.Equal(5, settled.GetProperty("tokens").GetProperty("output").GetInt64());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_is_charged_exactly_when_the_provider_finishes_soon()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:StreamAbortDrainSeconds=60");

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Once"));
        (await asked.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync(ChatSamples.UsageChunk(9, 2));
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();

        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        Assert.Equal(0.0000425m, settled.GetProperty("costUsd").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_deployment_that_keeps_failing_is_rested_and_the_spare_serves_at_once()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(ScriptOf("500"));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, spare.BaseUrl));

        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await gateway.WhenIdleAsync();
        }

        Assert.InRange(upstream.Requests.Count, 5, 7);
    }

    private static UpstreamScript ScriptOf(string fault) => fault switch
    {
        "500" => UpstreamScripts.Json(ChatSamples.Error("boom"), 500),
        "overloaded" => UpstreamScripts.Json(ChatSamples.Error("slow down"), 429),
        "garbage" => UpstreamScripts.Body([0xff, 0x00, 0x12], "application/octet-stream"),
        "not-chat" => UpstreamScripts.Json("""{"hello":"world"}"""),
        "reset" => UpstreamScripts.ResetAfter("", "application/json"),
        _ => UpstreamScripts.Silence,
    };
}
