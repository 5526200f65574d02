using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Host.Tests.Sdk;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Routes;

/// <summary>Every route × provider × plain or streamed × answered, denied, failed upstream, abandoned: status, shape of the body, headers.</summary>
public sealed class RouteTests
{
    /// <summary>An abandoned call may hold its provider's connection so long.</summary>
    private static readonly TimeSpan LetGoMax = TimeSpan.FromSeconds(5);

    public static TheoryData<string, ModelWire, bool> EveryRow => RouteCase.Rows(_ => true);

    public static TheoryData<string, ModelWire, bool> MeteredRows => RouteCase.Rows(route => route.IsMetered);

    [Theory]
    [MemberData(nameof(EveryRow))]
    public async Task Answered(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);

        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, TestConfig.Key));

        await Told.AnswerAsync(response, row, streams);
        Assert.NotNull(Told.Header(response, "x-aiorleans-request-id"));
        Assert.Equal(Told.Header(response, "x-aiorleans-request-id"), Told.Header(response, row.Words == ClientWords.Anthropic ? "request-id" : "x-request-id"));
        Assert.Equal("up", Told.Header(response, "x-aiorleans-provider"));
        Assert.Equal("1", Told.Header(response, "x-aiorleans-attempts"));
        Assert.Null(Told.Header(response, "x-aiorleans-denied-by"));
        Assert.DoesNotContain(response.Headers, header => header.Value.Any(value => value.Contains("canary", StringComparison.Ordinal)));
        IReadOnlyList<JsonElement> events = await running.Gateway.EventsAsync();
        if (!row.IsMetered)
        {
            Assert.Empty(events);
            return;
        }

        Assert.Equal("99999", Told.Remaining(response, row.Words));
        JsonElement settled = Assert.Single(events);
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        Assert.Equal((streams, 200), (settled.GetProperty("streamed").GetBoolean(), settled.GetProperty("status").GetInt32()));
        Assert.Equal(Assert.Single(running.Provider.Invoice).Usage.Total, settled.GetProperty("tokens").GetProperty("total").GetInt64());
        if (!streams)
        {
            Assert.Equal(settled.GetProperty("costUsd").GetDecimal(), decimal.Parse(Told.Header(response, "x-aiorleans-cost-usd") ?? "0", System.Globalization.CultureInfo.InvariantCulture));
        }

        await running.Gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Denied_by_a_rate(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);
        using HttpResponseMessage first = await running.SendAsync(row.Request(streams, CellConfig.LimitedKey));
        await first.Content.ReadAsStringAsync();

        using HttpResponseMessage second = await running.SendAsync(row.Request(streams, CellConfig.LimitedKey));

        JsonElement error = await Told.ErrorAsync(second, row.Words, 429, TypeOf(row.Words, "requests", "rate_limit_error", "RESOURCE_EXHAUSTED"));
        Told.Wait(second, 60);
        Assert.Equal("0", Told.Remaining(second, row.Words));
        Assert.Equal("key:acme.eng.k2 requestsPerMinute", Told.Header(second, "x-aiorleans-denied-by"));
        Assert.Null(Told.Header(second, "x-should-retry"));
        Assert.Null(Told.Header(second, "x-aiorleans-provider"));
        JsonElement limit = row.Words == ClientWords.Gemini ? error.GetProperty("details")[0].GetProperty("limit") : error.GetProperty("limit");
        Assert.Equal("key:acme.eng.k2", limit.GetProperty("account").GetString());
        if (row.Words == ClientWords.Gemini)
        {
            Assert.EndsWith("RetryInfo", error.GetProperty("details")[1].GetProperty("@type").GetString(), StringComparison.Ordinal);
        }

        if (row.Words == ClientWords.Anthropic)
        {
            Assert.Equal("rejected", Told.Header(second, "anthropic-ratelimit-unified-status"));
        }

        Assert.Single(running.Provider.Invoice);
    }

    [Theory]
    [MemberData(nameof(EveryRow))]
    public async Task Denied_for_its_key(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);

        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, "sk-nobody"));

        await Told.ErrorAsync(response, row.Words, 401, TypeOf(row.Words, "invalid_request_error", "authentication_error", "UNAUTHENTICATED"));
        Assert.Equal("false", Told.Header(response, "x-should-retry"));
        Assert.Null(Told.Header(response, "retry-after"));
        Assert.Empty(running.Provider.Requests);
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Failed_upstream(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);

        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, TestConfig.Key, ".fault-500"));

        await Told.ErrorAsync(response, row.Words, 502, TypeOf(row.Words, "server_error", "api_error", "UNAVAILABLE"));
        Told.Wait(response, 60);
        Assert.Equal("provider_failed", Told.Header(response, "x-aiorleans-denied-by"));
        Assert.Equal("up", Told.Header(response, "x-aiorleans-provider"));
        Assert.Equal("1", Told.Header(response, "x-aiorleans-attempts"));
        JsonElement settled = Assert.Single(await running.Gateway.EventsAsync());
        Assert.Equal(("provider", 0m), (settled.GetProperty("failedBy").GetString(), settled.GetProperty("costUsd").GetDecimal()));
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Overloaded_upstream(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);

        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, TestConfig.Key, ".fault-429"));

        await Told.ErrorAsync(response, row.Words, row.Words == ClientWords.Anthropic ? 529 : 503, TypeOf(row.Words, "server_error", "overloaded_error", "UNAVAILABLE"));
        Told.Wait(response, 60);
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Abandoned(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider, options: "--Gateway:AbortDrainSeconds=0");
        running.Provider.Pace = TimeSpan.FromMilliseconds(250);
        using CancellationTokenSource leaving = new();

        Task<HttpResponseMessage> asked = running.SendAsync(row.Request(streams, TestConfig.Key, streams ? ".fault-crawls" : ".fault-keeps-silent"), leaving.Token);
        if (streams)
        {
            Stream stream = await (await asked).Content.ReadAsStreamAsync(leaving.Token);
            Assert.True(await stream.ReadAsync(new byte[16], leaving.Token) > 0);
            (await asked).Dispose();
        }

        UpstreamRequest received = await running.ReceivedAsync();
        await leaving.CancelAsync();

        await received.Closed.WaitAsync(LetGoMax);
        JsonElement settled = Assert.Single(await running.Gateway.EventsAsync());
        Assert.Equal("client", settled.GetProperty("failedBy").GetString());
        Assert.True(Assert.Single(await running.Provider.WhenBilledAsync(1)).HungUp);
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Broken_upstream(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider, """{ "firstByteSeconds": 1, "idleSeconds": 1 }""");
        string[] faults = streams ? ["resets", "truncates", "stalls", "overloads"] : ["resets", "truncates", "stalls", "resets-first", "keeps-silent", "babbles"];

        await Task.WhenAll(faults.Select(fault => BreakAsync(running, row, streams, fault)));

        IReadOnlyList<JsonElement> events = await running.Gateway.EventsAsync();
        Assert.Equal(faults.Length, events.Count);
        Assert.All(events, settled =>
        {
            Assert.Equal("provider", settled.GetProperty("failedBy").GetString());
            if (streams)
            {
                // Half of a hundred numbers was written, each with a space before it: Gemini takes digits one by one.
                Assert.True(settled.GetProperty("estimated").GetBoolean());
                Assert.InRange(settled.GetProperty("tokens").GetProperty("output").GetInt64(), 10, 200);
            }
        });
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(MeteredRows))]
    public async Task Answered_without_usage(string route, ModelWire provider, bool streams)
    {
        RouteCase row = RouteCase.Of(route);
        await using RunningRoutes running = await RunningRoutes.StartAsync(provider);

        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, TestConfig.Key, ".fault-hides-usage"));

        await Told.AnswerAsync(response, row, streams);
        JsonElement settled = Assert.Single(await running.Gateway.EventsAsync());
        Assert.True(settled.GetProperty("estimated").GetBoolean());
        Assert.True(settled.GetProperty("costUsd").GetDecimal() > 0);
        await running.Gateway.AssertNothingHeldAsync();
    }

    private static async Task BreakAsync(RunningRoutes running, RouteCase row, bool streams, string fault)
    {
        using HttpResponseMessage response = await running.SendAsync(row.Request(streams, TestConfig.Key, ".fault-" + fault));

        if (streams)
        {
            await Told.BrokenStreamAsync(response, row, fault);
            return;
        }

        bool isLate = fault is "stalls" or "keeps-silent";
        await Told.ErrorAsync(
            response,
            row.Words,
            isLate ? 504 : 502,
            isLate ? TypeOf(row.Words, "server_error", "timeout_error", "DEADLINE_EXCEEDED") : TypeOf(row.Words, "server_error", "api_error", "UNAVAILABLE"));
        Told.Wait(response, 60);
    }

    private static string TypeOf(ClientWords words, string openAi, string anthropic, string gemini) =>
        words switch { ClientWords.Anthropic => anthropic, ClientWords.Gemini => gemini, _ => openAi };
}
