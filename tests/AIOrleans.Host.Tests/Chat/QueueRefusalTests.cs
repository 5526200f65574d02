using System.Globalization;
using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.Extensions.Hosting;
using static AIOrleans.Host.Tests.Chat.QueueCalls;

namespace AIOrleans.Host.Tests.Chat;

/// <summary>Calls that would have waited in line, and may not, or not for so long.</summary>
public sealed class QueueRefusalTests
{
    [Fact]
    public async Task At_the_deadline_a_call_is_refused_and_told_its_place_and_the_wait()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> first = SendAsync(gateway, 1);
        await WhenWaitingAsync(gateway, "key", 1);

        using HttpResponseMessage response = await SendAsync(gateway, 2, queueMs: "150");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("2", Header(response, "x-aiorleans-queue-place"));
        Assert.Equal("2000", Header(response, "x-aiorleans-queue-estimated-ms"));
        Assert.InRange(long.Parse(Header(response, "x-aiorleans-queued-ms"), CultureInfo.InvariantCulture), 150, 10_000);
        Assert.Equal("0", Header(response, "x-ratelimit-remaining-requests"));
        JsonElement error = await ErrorAsync(response);
        Assert.Contains("1 call waits in line for it; this one is number 2.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"place":2,"length":1,"estimated_wait_ms":2000}""", error.GetProperty("limit").GetProperty("queue").GetRawText());
        slots.Release(2);
        (await running).Dispose();
        (await first).Dispose();
    }

    [Fact]
    public async Task A_wait_that_is_too_long_and_a_spent_budget_are_refused_at_once()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway slow = await StartAsync(upstream, "key", """{ "requestsPerMinute": 1 }""");
        (await SendAsync(slow, 0)).Dispose();
        await using RunningGateway poor = await StartAsync(upstream, "key", """{ "quotas": [ { "metric": "cost", "period": "minute", "amount": 0.001 } ] }""");

        using HttpResponseMessage tooLong = await SendAsync(slow, 1);
        using HttpResponseMessage spent = await SendAsync(poor, 0);

        Assert.Equal((HttpStatusCode.TooManyRequests, "0"), (tooLong.StatusCode, Header(tooLong, "x-aiorleans-queued-ms")));
        Assert.Equal("1", Header(tooLong, "x-aiorleans-queue-place"));
        Assert.Equal(Header(tooLong, "retry-after-ms"), Header(tooLong, "x-aiorleans-queue-estimated-ms"));
        Assert.Equal(HttpStatusCode.PaymentRequired, spent.StatusCode);
        Assert.False(spent.Headers.Contains("x-aiorleans-queue-place"));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("10s")]
    [InlineData("")]
    public async Task A_wish_that_is_no_number_is_a_mistake_of_the_client(string queueMs)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, "key", "{}");

        using HttpResponseMessage response = await SendAsync(gateway, 0, queueMs);

        JsonElement error = await ErrorAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, "x-aiorleans-queue-ms"), (response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("whole number of milliseconds", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99999999999999999999999999", 100, true)]
    [InlineData("0", 100, false)]
    [InlineData("5000", 0, false)]
    public async Task Nobody_waits_longer_than_the_gateway_allows(string queueMs, int waitMsMax, bool waits)
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""", $"--Gateway:Queue:WaitMsMax={waitMsMax}");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();

        using HttpResponseMessage response = await SendAsync(gateway, 1, queueMs).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(waits, response.Headers.Contains("x-aiorleans-queued-ms"));
        slots.Release();
        (await running).Dispose();
    }

    [Fact]
    public async Task A_full_line_refuses_at_once()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""", "--Gateway:Queue:LengthMax=1");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> first = SendAsync(gateway, 1);
        await WhenWaitingAsync(gateway, "key", 1);

        using HttpResponseMessage response = await SendAsync(gateway, 2).WaitAsync(Patience);

        Assert.Equal((HttpStatusCode.TooManyRequests, "0", "2"),
            (response.StatusCode, Header(response, "x-aiorleans-queued-ms"), Header(response, "x-aiorleans-queue-place")));
        slots.Release(2);
        (await running).Dispose();
        (await first).Dispose();
    }

    [Fact]
    public async Task A_gateway_that_stops_sends_those_who_wait_elsewhere()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> waiting = SendAsync(gateway, 1);
        await WhenWaitingAsync(gateway, "key", 1);

        gateway.Service<IHostApplicationLifetime>().StopApplication();

        using HttpResponseMessage response = await waiting.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("overloaded", (await ErrorAsync(response)).GetProperty("code").GetString());
        Assert.False(running.IsCompleted);
        slots.Release();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
    }
}
