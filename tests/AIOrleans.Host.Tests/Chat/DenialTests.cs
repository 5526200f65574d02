using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Chat;

public sealed class DenialTests
{
    [Theory]
    [InlineData("{ nonsense", 400, null, null)]
    [InlineData("[]", 400, null, "invalid_type")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model", "missing_required_parameter")]
    [InlineData("""{"model":"gpt-4o"}""", 400, "messages", "missing_required_parameter")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "model", "invalid_type")]
    [InlineData("""{"model":"gpt-4o","messages":"x"}""", 400, "messages", "invalid_type")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", 400, "stream", "invalid_type")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "max_tokens", "integer_below_min_value")]
    [InlineData("""{"model":"no-such","messages":[{"role":"user","content":"x"}]}""", 404, "model", "model_not_found")]
    [InlineData("""{"model":"secret","messages":[{"role":"user","content":"x"}]}""", 403, null, "model_not_allowed")]
    [InlineData("""{"model":"free","messages":[{"role":"user","content":"x"}]}""", 403, null, "model_unpriced")]
    public async Task A_request_that_cannot_be_served_says_why(string body, int status, string? param, string? code)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));

        using HttpResponseMessage response = await gateway.ChatAsync(body);

        JsonElement error = await ErrorAsync(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!); // ! Checked by being there.
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
        Assert.Empty(upstream.Requests);
        Assert.Empty(await gateway.EventsAsync());
    }

    [Theory]
    [InlineData(null, "No API key")]
    [InlineData("sk-wrong-canary", "not known")]
    [InlineData(TestConfig.RevokedKey, "revoked")]
    public async Task A_key_that_identifies_nobody_is_refused_and_never_repeated(string? key, string reason)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        gateway.Client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_100_megabytes_is_refused_without_being_kept(bool chunked)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync();
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), "--Gateway:BodyBytesMax=1048576");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(new byte[100 * 1024 * 1024]) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_spent_budget_is_402_with_the_facts_and_without_retry()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["app"] = """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.001, "mode": "strict" } ] }""",
        }));

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        JsonElement error = await ErrorAsync(response);
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("budget_exceeded", error.GetProperty("code").GetString());
        Assert.Equal("insufficient_quota", error.GetProperty("type").GetString());
        JsonElement limit = error.GetProperty("limit");
        Assert.Equal("app:acme.eng.copilot", limit.GetProperty("account").GetString());
        Assert.Equal("cost/month", limit.GetProperty("name").GetString());
        Assert.Equal(0.001m, limit.GetProperty("amount").GetDecimal());
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
        Assert.Equal("app:acme.eng.copilot cost/month", Assert.Single(response.Headers.GetValues("x-aiorleans-denied-by")));
        Assert.Empty(upstream.Requests);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_rate_limit_is_429_with_the_wait_and_counts_down_in_the_headers()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["key"] = """{ "requestsPerMinute": 2 }""",
        }));

        using HttpResponseMessage first = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        using HttpResponseMessage second = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        using HttpResponseMessage third = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal("2", Assert.Single(first.Headers.GetValues("x-ratelimit-limit-requests")));
        Assert.Equal("1", Assert.Single(first.Headers.GetValues("x-ratelimit-remaining-requests")));
        Assert.Equal("0", Assert.Single(second.Headers.GetValues("x-ratelimit-remaining-requests")));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("0", Assert.Single(third.Headers.GetValues("x-ratelimit-remaining-requests")));
        Assert.InRange(int.Parse(Assert.Single(third.Headers.GetValues("retry-after"))), 1, 30);
        Assert.InRange(int.Parse(Assert.Single(third.Headers.GetValues("retry-after-ms"))), 1, 30_000);
        Assert.Equal("rate_limit_exceeded", (await ErrorAsync(third)).GetProperty("code").GetString());
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task Fifty_calls_at_once_against_a_strict_budget_for_ten_let_exactly_ten_through()
    {
        // Worst case of one call: 1 000 output tokens at $10 and 500 input tokens bounded by the body, both rounded into the padding below.
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer("x", 9, 1000)));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["tenant"] = """{ "quotas": [ { "metric": "requests", "period": "total", "amount": 10 } ] }""",
        }));

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.ChatAsync(ChatSamples.Request("gpt-4o"))));

        Assert.Equal(10, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(40, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(10, upstream.Requests.Count);
        Assert.Equal(10, (await gateway.EventsAsync()).Count);
        await gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_client_that_calls_one_after_the_other_never_meets_its_own_last_hold()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string>
        {
            ["key"] = """{ "concurrent": 1 }""",
            ["app"] = """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 0.02 } ] }""",
        }));

        // One call holds up to $0.0127 and uses $0.0000425: a second one fits only once the first is settled.
        for (int i = 0; i < 50; i++)
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone().GetProperty("error");
    }
}
