using System.Net;
using System.Text.Json;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Idempotency.Answers;

namespace AIOrleans.Host.Tests.Idempotency;

/// <summary>What is remembered of a call with a key, however it ended: that it was charged, always; its answer, if it is whole and not too large.</summary>
public sealed class EndingTests
{
    private static readonly string Streamed = ChatSamples.Request("gpt-4o", stream: true);

    [Fact]
    public async Task A_failure_without_a_charge_is_not_remembered()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("boom"), 500), UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage first = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        using HttpResponseMessage second = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        Assert.Equal(HttpStatusCode.BadGateway, first.StatusCode);
        Assert.False(first.Headers.Contains("x-should-retry"));
        Assert.Equal((HttpStatusCode.OK, false), (second.StatusCode, IsReplay(second)));
    }

    [Fact]
    public async Task A_denial_is_not_remembered()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(After(gate.Task, UpstreamScripts.Json(ChatSamples.Answer())), UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["key"] = """{ "concurrent": 1 }""",
        }));
        Task<HttpResponseMessage> only = gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        await upstream.NextRequestAsync();

        using HttpResponseMessage denied = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        gate.SetResult();
        (await only.WaitAsync(Patience)).Dispose();
        await gateway.WhenIdleAsync();
        using HttpResponseMessage served = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        Assert.Equal(HttpStatusCode.TooManyRequests, denied.StatusCode);
        Assert.Equal((HttpStatusCode.OK, false), (served.StatusCode, IsReplay(served)));
    }

    [Fact]
    public async Task A_failure_that_was_charged_is_the_answer_from_then_on()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("""{"hello":"world"}"""));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage first = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        await gateway.WhenIdleAsync();
        using HttpResponseMessage second = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        string sentence = await AssertRefusedAsync(first, 502, "provider_failed");
        Assert.Contains("send another key", sentence, StringComparison.Ordinal);
        Assert.False(first.Headers.Contains("retry-after"));
        Assert.Equal((true, sentence), (IsReplay(second), await AssertRefusedAsync(second, 502, "provider_failed")));
        Assert.Single(upstream.Requests);
        Assert.True(Assert.Single(await gateway.EventsAsync()).GetProperty("costUsd").GetDecimal() > 0);
    }

    [Fact]
    public async Task A_stream_that_broke_is_given_again_with_its_error_and_never_looks_complete()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse(ChatSamples.Word("Once")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage first = await gateway.ChatAsync(Streamed, "k");
        await gateway.WhenIdleAsync();
        using HttpResponseMessage second = await gateway.ChatAsync(Streamed, "k");

        string text = await second.Content.ReadAsStringAsync();
        Assert.Equal(await first.Content.ReadAsStringAsync(), text);
        Assert.Contains("provider_failed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_call_whose_client_left_goes_on_for_those_who_repeat_it()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl), "--Gateway:AbortDrainSeconds=0", "--Gateway:Idempotency:AbandonSeconds=0");
        Task<HttpResponseMessage> asked = gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Once"));
        HttpResponseMessage leader = await asked.WaitAsync(Patience);
        using HttpResponseMessage follower = await gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);

        leader.Dispose();
        await EndAsync(feed);

        Assert.EndsWith("data: [DONE]\n\n", await follower.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(("nobody", 200, false), (charged.GetProperty("failedBy").GetString(), charged.GetProperty("status").GetInt32(), charged.GetProperty("estimated").GetBoolean()));
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_client_that_left_and_comes_back_in_time_gets_the_same_answer_whole()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl), "--Gateway:AbortDrainSeconds=0", "--Gateway:Idempotency:AbandonSeconds=60");
        Task<HttpResponseMessage> asked = gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Once"));
        (await asked.WaitAsync(Patience)).Dispose();

        using HttpResponseMessage again = await gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        await EndAsync(feed);

        string text = await again.Content.ReadAsStringAsync();
        Assert.Contains("Once", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
        Assert.Single(await gateway.EventsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_nobody_waited_for_is_cut_charged_once_and_never_made_again(bool stream)
    {
        var gate = new TaskCompletionSource();
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(stream ? UpstreamScripts.Feed(feed) : After(gate.Task, UpstreamScripts.Json(ChatSamples.Answer())));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:Idempotency:AbandonSeconds=0");
        string request = ChatSamples.Request("gpt-4o", stream);
        using var leave = new CancellationTokenSource();
        Task<HttpResponseMessage> asked = gateway.ChatAsync(request, "k", HttpCompletionOption.ResponseHeadersRead, leave.Token);
        UpstreamRequest received = await upstream.NextRequestAsync();
        if (stream)
        {
            await feed.SendAsync(ChatSamples.Word("Once"));
            (await asked.WaitAsync(Patience)).Dispose();
        }

        await leave.CancelAsync();
        await received.Closed.WaitAsync(Patience);
        await gateway.WhenIdleAsync();

        await AssertRefusedAsync(await gateway.ChatAsync(request, "k"), 409, "idempotency_answer_not_kept");
        gate.SetResult();
        Assert.Single(upstream.Requests);
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal("client", charged.GetProperty("failedBy").GetString());
        Assert.True(charged.GetProperty("costUsd").GetDecimal() > 0);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task An_answer_too_large_to_be_kept_reaches_those_who_follow_it_and_later_ones_are_told()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:Idempotency:AnswerBytesMax=1024");
        Task<HttpResponseMessage> asked = gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Once"));
        using HttpResponseMessage leader = await asked.WaitAsync(Patience);
        using HttpResponseMessage follower = await gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        for (int i = 0; i < 20; i++)
        {
            await feed.SendAsync(ChatSamples.Word($"word {i}"));
        }

        using var reader = new StreamReader(await leader.Content.ReadAsStreamAsync());
        string read = "";
        while (!read.Contains("word 19", StringComparison.Ordinal))
        {
            read += await reader.ReadLineAsync().WaitAsync(Patience) + "\n";
        }

        await AssertRefusedAsync(await gateway.ChatAsync(Streamed, "k"), 409, "idempotency_answer_not_kept");
        await EndAsync(feed);
        Assert.Equal(read + await reader.ReadToEndAsync(), await follower.Content.ReadAsStringAsync());
        await gateway.WhenIdleAsync();
        await AssertRefusedAsync(await gateway.ChatAsync(Streamed, "k"), 409, "idempotency_answer_not_kept");
        Assert.Single(upstream.Requests);
        Assert.Equal((0, 0L), (gateway.Service<Recordings>().Count, gateway.Service<Recordings>().Bytes));
    }

    [Fact]
    public async Task One_who_repeats_and_does_not_read_holds_up_nobody()
    {
        const int Words = 2_000;
        string word = new('x', 8 * 1024);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Sse([.. Enumerable.Repeat(ChatSamples.Word(word), Words), ChatSamples.Finish, "[DONE]"]));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:Idempotency:AnswerBytesMax=67108864");
        Task<HttpResponseMessage> asked = gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead);
        await upstream.NextRequestAsync();
        using HttpResponseMessage idle = await gateway.ChatAsync(Streamed, "k", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);

        using HttpResponseMessage leader = await asked.WaitAsync(Patience);
        string text = await leader.Content.ReadAsStringAsync().WaitAsync(Patience);

        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.True(text.Length > Words * word.Length);
        Assert.Equal(text, await idle.Content.ReadAsStringAsync().WaitAsync(Patience));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task One_call_more_than_can_be_recorded_is_refused_before_it_costs_anything()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(After(gate.Task, UpstreamScripts.Json(ChatSamples.Answer())));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:Idempotency:RecordingsMax=1");
        Task<HttpResponseMessage> running = gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "one");
        await upstream.NextRequestAsync();

        using HttpResponseMessage refused = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "two");
        Task<HttpResponseMessage> repeated = gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "one");
        gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("idempotency_busy", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("1", Header(refused, "retry-after"));
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await repeated).StatusCode);
        await gateway.WhenIdleAsync();
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "two")).StatusCode);
    }

    private static async Task EndAsync(SseFeed feed)
    {
        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync(ChatSamples.UsageChunk(9, 2));
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();
    }
}
