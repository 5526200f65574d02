using System.Globalization;
using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Host.Tests.Faults;

/// <summary>An attempt that timed out after it was sent may be billed: another one needs money of its own.</summary>
public sealed class FailoverBudgetTests
{
    private const string QuickTimeouts = """{ "connectSeconds": 1, "firstByteSeconds": 1, "idleSeconds": 1 }""";

    /// <summary>The worst case of one attempt is $0.0127: about 1,070 tokens in, 1,000 out.</summary>
    private const decimal OneAttempt = 0.02m;

    private const decimal TwoAttempts = 0.03m;

    [Fact]
    public async Task A_budget_with_room_for_two_attempts_pays_for_both_and_is_never_exceeded()
    {
        var reached = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        await using FakeUpstream spare = await FakeUpstream.StartAsync(async (http, request) =>
        {
            reached.SetResult();
            await mayAnswer.Task;
            await UpstreamScripts.Json(ChatSamples.Answer())(http, request);
        });
        await using RunningGateway gateway = await StartAsync(upstream, spare, TwoAttempts);

        Task<HttpResponseMessage> asked = gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        JsonElement during = await QuotaAsync(gateway);
        mayAnswer.SetResult();
        using HttpResponseMessage response = await asked;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(during.GetProperty("held").GetDecimal(), OneAttempt, TwoAttempts);
        IReadOnlyList<JsonElement> events = await gateway.EventsAsync();
        Assert.Equal(["spare", "up"], events.Select(e => e.GetProperty("provider").GetString()).Order());
        Assert.Equal(1, events.Sum(e => e.GetProperty("requests").GetInt32()));
        Assert.All(events, e => Assert.True(e.GetProperty("costUsd").GetDecimal() > 0));
        Assert.Equal(events.Sum(e => e.GetProperty("costUsd").GetDecimal()), (await QuotaAsync(gateway)).GetProperty("used").GetDecimal());
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_budget_with_room_for_one_attempt_makes_no_second_call_and_tells_the_first_failure()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, spare, OneAttempt);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("provider_failed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(spare.Requests);
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(("up", 504, true), (charged.GetProperty("provider").GetString(), charged.GetProperty("status").GetInt32(), charged.GetProperty("estimated").GetBoolean()));
        Assert.InRange(charged.GetProperty("costUsd").GetDecimal(), 0.000001m, OneAttempt);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_failure_that_cannot_be_billed_fails_over_within_the_room_of_one_attempt()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("busy"), 429));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, spare, OneAttempt);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("spare", Assert.Single(await gateway.EventsAsync()).GetProperty("provider").GetString());
    }

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream, FakeUpstream spare, decimal budget)
    {
        string limits = string.Create(
            CultureInfo.InvariantCulture, $$"""{ "quotas": [ { "metric": "cost", "period": "month", "amount": {{budget}}, "mode": "strict" } ] }""");
        return RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl, spare.BaseUrl, new Dictionary<string, string> { ["user"] = limits }, QuickTimeouts));
    }

    /// <summary>The user's only quota as it is now, whatever is in flight.</summary>
    private static async Task<JsonElement> QuotaAsync(RunningGateway gateway)
    {
        using JsonDocument document = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/accounts/user/acme.eng.dev/live"));
        return Assert.Single(document.RootElement.GetProperty("quotas").EnumerateArray()).Clone();
    }
}
