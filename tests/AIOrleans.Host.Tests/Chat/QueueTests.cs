using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Chat.QueueCalls;

namespace AIOrleans.Host.Tests.Chat;

/// <summary>Calls that would rather wait in line than be refused.</summary>
public sealed class QueueTests
{
    [Theory]
    [InlineData("user")]
    [InlineData("tenant")]
    public async Task Five_callers_wait_for_one_slot_and_are_served_in_order(string limited)
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, limited, """{ "concurrent": 1 }""");
        var calls = new List<Task<HttpResponseMessage>> { SendAsync(gateway, 0) };
        await upstream.NextRequestAsync();
        for (int caller = 1; caller <= 5; caller++)
        {
            calls.Add(SendAsync(gateway, caller));
            await WhenWaitingAsync(gateway, limited, caller);
        }

        for (int caller = 0; caller <= 5; caller++)
        {
            Assert.Equal(caller + 1, upstream.Requests.Count);
            slots.Release();
            using HttpResponseMessage response = await calls[caller].WaitAsync(Patience);
            Assert.Equal((HttpStatusCode.OK, caller), (response.StatusCode, CallerOf(upstream, caller)));
            Assert.Equal(caller > 0, long.Parse(Header(response, "x-aiorleans-queued-ms"), CultureInfo.InvariantCulture) > 0);
            if (caller < 5)
            {
                await upstream.NextRequestAsync().WaitAsync(Patience);
            }
        }

        await gateway.AssertNothingHeldAsync();
        Assert.Equal(0, (await gateway.LiveAsync($"{limited}/{PathOf(limited)}")).GetProperty("line").GetProperty("length").GetInt32());
    }

    [Fact]
    public async Task Waiting_is_time_that_the_caller_has_seen()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""");
        Task<HttpResponseMessage> first = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> second = SendAsync(gateway, 1);
        await WhenWaitingAsync(gateway, "key", 1);
        await Task.Delay(100);
        slots.Release(2);

        using HttpResponseMessage response = await second.WaitAsync(Patience);
        (await first).Dispose();

        // The event, and so the service level of every account, counts from arrival.
        long queuedMs = long.Parse(Header(response, "x-aiorleans-queued-ms"), CultureInfo.InvariantCulture);
        JsonElement settled = (await gateway.EventsAsync())[0];
        Assert.InRange(queuedMs, 100, 30_000);
        Assert.True(settled.GetProperty("durationMs").GetDecimal() > queuedMs - 1);
        Assert.True(settled.GetProperty("firstByteMs").GetDecimal() > queuedMs - 1);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_the_line_at_once()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "concurrent": 1 }""");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0);
        await upstream.NextRequestAsync();
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage> gone = SendAsync(gateway, 1, cancellationToken: leaving.Token);
        await WhenWaitingAsync(gateway, "key", 1);
        Task<HttpResponseMessage> next = SendAsync(gateway, 2);
        await WhenWaitingAsync(gateway, "key", 2);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await WhenWaitingAsync(gateway, "key", 1);
        slots.Release(2);
        (await running).Dispose();
        using HttpResponseMessage response = await next.WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, CallerOf(upstream, 1)));
        await gateway.AssertNothingHeldAsync();
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_rate_is_waited_for_as_long_as_it_takes_to_refill()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, "key", """{ "requestsPerMinute": 1200, "requestBurst": 1 }""");

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => SendAsync(gateway, caller)));

        // One every 50 ms. Without a line seven of them would have been refused.
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.InRange(responses.Max(response => long.Parse(Header(response, "x-aiorleans-queued-ms"), CultureInfo.InvariantCulture)), 300, 5_000);
    }

    [Fact]
    public async Task A_call_that_another_account_refuses_for_good_keeps_nobody_behind_it_waiting()
    {
        using var slots = new SemaphoreSlim(0);
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(AnswerWhenReleased(slots));
        await using RunningGateway gateway = await StartAsync(upstream, "tenant", """{ "concurrent": 1 }""");
        Task<HttpResponseMessage> running = SendAsync(gateway, 0, key: TestConfig.OtherKey);
        await upstream.NextRequestAsync();
        Task<HttpResponseMessage> refused = SendAsync(gateway, 1);
        await WhenWaitingAsync(gateway, "tenant", 1);
        Task<HttpResponseMessage> behind = SendAsync(gateway, 2, key: TestConfig.OtherKey);
        await WhenWaitingAsync(gateway, "tenant", 2);

        using var limits = new StringContent("""{ "limits": { "quotas": [ { "metric": "requests", "period": "day", "amount": 0 } ] } }""", Encoding.UTF8, "application/json");
        (await gateway.Admin.PutAsync("/api/v1/accounts/key/acme.eng.k1", limits)).EnsureSuccessStatusCode().Dispose();
        slots.Release(2);

        using HttpResponseMessage denial = await refused.WaitAsync(Patience);
        Assert.Equal("quota_exceeded", (await ErrorAsync(denial)).GetProperty("code").GetString());
        using HttpResponseMessage response = await behind.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        (await running).Dispose();

        // It would have been five seconds if the place had been left to be forgotten.
        Assert.InRange(long.Parse(Header(response, "x-aiorleans-queued-ms"), CultureInfo.InvariantCulture), 0, 4_000);
    }
}
