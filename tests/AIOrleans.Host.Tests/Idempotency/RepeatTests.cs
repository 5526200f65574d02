using System.Net;
using System.Text.Json;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Idempotency.Answers;

namespace AIOrleans.Host.Tests.Idempotency;

/// <summary>Guarantee 9: calls with one key are one upstream call, one charge, and equal answers.</summary>
public sealed class RepeatTests
{
    private const int Callers = 50;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_calls_at_once_are_one_call_one_charge_and_fifty_equal_answers(bool stream)
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(After(gate.Task, stream ? UpstreamScripts.Sse(ChatSamples.Stream("Hi", " there")) : UpstreamScripts.Json(ChatSamples.Answer())));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            // Those who repeat hold nothing and are not counted: one call fits.
            ["key"] = """{ "concurrent": 1, "requestsPerMinute": 1 }""",
        }));

        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, Callers).Select(_ => gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream), "k"))];
        await gateway.WhenInFlightAsync(Callers);
        gate.SetResult();
        HttpResponseMessage[] responses = await Task.WhenAll(asked);

        string[] bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Contains(stream ? "[DONE]" : "Hi there", Assert.Single(bodies.Distinct()), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(0.0000425m, charged.GetProperty("costUsd").GetDecimal());
        Assert.All(responses, response => Assert.Equal(charged.GetProperty("requestId").GetString(), Header(response, "x-aiorleans-request-id")));
        Assert.Single(responses, response => !IsReplay(response));
        await gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_later_call_gets_the_kept_answer_with_its_headers_and_without_limits_of_the_past(bool stream)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(stream ? UpstreamScripts.Sse(ChatSamples.Stream("Hi")) : UpstreamScripts.Json(ChatSamples.Answer(), 200, ("openai-processing-ms", "12")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["key"] = """{ "requestsPerMinute": 60 }""",
        }));
        using HttpResponseMessage first = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream), "k");
        await gateway.WhenIdleAsync();
        Assert.Equal((0, 0L), (gateway.Service<Recordings>().Count, gateway.Service<Recordings>().Bytes));

        using HttpResponseMessage second = await gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream), "k");

        Assert.True(IsReplay(second));
        Assert.False(IsReplay(first));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        foreach (string name in first.Headers.Select(header => header.Key).Where(name => name is not ("Date" or "Transfer-Encoding") && !name.StartsWith("x-ratelimit-")))
        {
            Assert.Equal(Header(first, name), Header(second, name));
        }

        Assert.DoesNotContain(second.Headers, header => header.Key.StartsWith("x-ratelimit-", StringComparison.Ordinal));
        Assert.Single(upstream.Requests);
        Assert.Single(await gateway.EventsAsync());
    }

    [Fact]
    public async Task One_who_repeats_follows_the_stream_from_its_beginning_while_it_runs()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        string request = ChatSamples.Request("gpt-4o", stream: true);
        Task<HttpResponseMessage> asked = gateway.ChatAsync(request, "k", HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("first"));
        using HttpResponseMessage leader = await asked.WaitAsync(Patience);

        using HttpResponseMessage follower = await gateway.ChatAsync(request, "k", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var reader = new StreamReader(await follower.Content.ReadAsStreamAsync());
        Assert.Contains("first", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        await reader.ReadLineAsync().WaitAsync(Patience);
        await feed.SendAsync(ChatSamples.Word("second"));
        Assert.Contains("second", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);

        await feed.SendAsync(ChatSamples.Finish);
        await feed.SendAsync("[DONE]");
        await feed.EndAsync();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", await leader.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_key_used_for_another_request_is_refused_while_the_first_runs_and_after_it()
    {
        var gate = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(After(gate.Task, UpstreamScripts.Json(ChatSamples.Answer())));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        Task<HttpResponseMessage> running = gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        await upstream.NextRequestAsync();

        await AssertRefusedAsync(await gateway.ChatAsync(ChatSamples.Request("gpt-4o", content: "Other"), "k"), 422, "idempotency_key_reused");
        gate.SetResult();
        await running;
        await gateway.WhenIdleAsync();
        await AssertRefusedAsync(await gateway.ChatAsync(ChatSamples.Request("gpt-4o", content: "Other"), "k"), 422, "idempotency_key_reused");
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Keys_of_two_API_keys_have_nothing_to_do_with_each_other()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("mine")), UpstreamScripts.Json(ChatSamples.Answer("yours")));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        await gateway.WhenIdleAsync();

        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfig.OtherKey);
        using HttpResponseMessage other = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        Assert.False(IsReplay(other));
        Assert.Contains("yours", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(null, "256 characters")]
    public async Task A_key_that_is_none_is_refused(string? key, string reason)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), key ?? new string('k', 256));

        Assert.Contains(reason, await AssertRefusedAsync(response, 400, "invalid_idempotency_key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_cannot_be_repeated_by_one_who_may_not_call()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        await gateway.WhenIdleAsync();
        (await gateway.Admin.PostAsync("/api/v1/keys/acme.eng.k1/revoke", null)).EnsureSuccessStatusCode();

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Where_it_is_switched_off_the_header_means_nothing()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:Idempotency:Enabled=false");

        await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");
        await gateway.ChatAsync(ChatSamples.Request("gpt-4o"), "k");

        Assert.Equal(2, upstream.Requests.Count);
    }
}
