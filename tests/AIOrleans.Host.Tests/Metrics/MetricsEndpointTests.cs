using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AIOrleans.Host.Metrics;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Metrics;

public sealed partial class MetricsEndpointTests
{
    [Fact]
    public async Task Tells_what_became_of_calls()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer(promptTokens: 100, completionTokens: 20)));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string> { ["key"] = """{ "requestsPerMinute": 2 }""" }));
        using HttpResponseMessage whole = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        using HttpResponseMessage unknown = await gateway.ChatAsync(ChatSamples.Request("gpt-none"));
        using HttpResponseMessage streamed = await gateway.ChatAsync(ChatSamples.Request("sim-1", stream: true));
        using HttpResponseMessage limited = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);

        Dictionary<string, double> samples = await ScrapeAsync(gateway);

        Assert.Equal(2, samples["aiorleans_requests_total{operation=\"chat\",outcome=\"success\",protocol=\"openai\",status=\"200\"}"]);
        Assert.Equal(1, samples["aiorleans_denials_total{account=\"key\",code=\"rate_limit_exceeded\",limit=\"requests_per_minute\"}"]);
        Assert.Equal(1, samples["aiorleans_denials_total{account=\"none\",code=\"model_not_found\",limit=\"none\"}"]);
        Assert.Equal(1, samples["aiorleans_attempts_total{error=\"none\",model=\"up-model\",provider=\"up\"}"]);
        Assert.Equal(100, samples["aiorleans_tokens_total{class=\"input\",model=\"up-model\",provider=\"up\"}"]);
        Assert.Equal(20, samples["aiorleans_tokens_total{class=\"output\",model=\"up-model\",provider=\"up\"}"]);
        Assert.Equal(0.00045, samples["aiorleans_cost_usd_total{model=\"up-model\",provider=\"up\"}"], 12);
        Assert.Equal(2, samples["aiorleans_hold_duration_seconds_count{outcome=\"held\"}"]);
        Assert.Equal(1, samples["aiorleans_hold_duration_seconds_count{outcome=\"denied\"}"]);
        Assert.Equal(2, samples["aiorleans_settle_duration_seconds_count"]);
        Assert.Equal(1, samples["aiorleans_request_first_byte_seconds_count{model=\"sim-1\",provider=\"sim\"}"]);
        Assert.Equal(0, samples["aiorleans_streams_open"]);
        Assert.Equal(0, samples["aiorleans_holds_open"]);
        Assert.Equal(1, samples["aiorleans_ledger_reachable"]);
        Assert.Equal(1, samples["aiorleans_ready"]);
        Assert.Equal(1, samples["aiorleans_breaker_state{model=\"up-model\",provider=\"up\",state=\"closed\"}"]);
        Assert.Equal(1, samples["aiorleans_provider_keys{provider=\"up\",state=\"usable\"}"]);
        Assert.True(samples["aiorleans_accounts_active"] >= 7);
        Assert.True(samples["aiorleans_directory_revision"] >= 1);
        Assert.True(samples["dotnet_process_memory_working_set_bytes"] > 0);
        Assert.Equal(
            1,
            samples["gen_ai_client_operation_duration_seconds_count{aiorleans_provider=\"up\",gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"up-model\"}"]);
    }

    [Fact]
    public async Task Tells_why_attempts_failed_and_who_took_over()
    {
        await using FakeUpstream broken = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("down"), 500));
        await using FakeUpstream sound = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(broken.BaseUrl, sound.BaseUrl));
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Dictionary<string, double> samples = await ScrapeAsync(gateway);

        Assert.Equal(1, samples["aiorleans_attempts_total{error=\"status_500\",model=\"up-model\",provider=\"up\"}"]);
        Assert.Equal(1, samples["aiorleans_attempts_total{error=\"none\",model=\"spare-model\",provider=\"spare\"}"]);
        Assert.Equal(1, samples["aiorleans_failovers_total{provider=\"up\"}"]);
    }

    [Fact]
    public async Task A_stream_is_open_while_it_runs_and_an_estimate_where_it_broke()
    {
        var feed = new SseFeed();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Feed(feed));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        Task<HttpResponseMessage> call = gateway.ChatAsync(ChatSamples.Request("gpt-4o", stream: true), HttpCompletionOption.ResponseHeadersRead);
        await feed.SendAsync(ChatSamples.Word("Hi"));
        using HttpResponseMessage response = await call;

        Dictionary<string, double> running = await ScrapeRunningAsync(gateway);
        Assert.Equal((1, 1, 1), (running["aiorleans_streams_open"], running["aiorleans_requests_active"], running["aiorleans_holds_open"]));
        await feed.ResetAsync();
        await response.Content.ReadAsStringAsync();

        Dictionary<string, double> ended = await ScrapeAsync(gateway);
        Assert.Equal((0, 0, 0), (ended["aiorleans_streams_open"], ended["aiorleans_requests_active"], ended["aiorleans_holds_open"]));
        Assert.Equal(1, ended["aiorleans_requests_total{operation=\"chat\",outcome=\"provider_error\",protocol=\"openai\",status=\"502\"}"]);
        Assert.Equal(1, ended["aiorleans_attempts_total{error=\"stream_broke\",model=\"up-model\",provider=\"up\"}"]);
        Assert.Equal(1, ended["aiorleans_attempts_estimated_total{model=\"up-model\",provider=\"up\"}"]);
    }

    [Fact]
    public async Task Tenants_have_labels_only_where_that_is_asked_for_and_only_so_many()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(new Uri("http://127.0.0.1:9")), "--Metrics:TenantsMax", "1");
        using HttpResponseMessage stranger = await gateway.Client.PostAsync("/v1/chat/completions", null);
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));

        Dictionary<string, double> samples = await ScrapeAsync(gateway);

        Assert.Equal(1, samples["aiorleans_requests_total{operation=\"chat\",outcome=\"success\",protocol=\"openai\",status=\"200\",tenant=\"acme\"}"]);
        Assert.Contains(samples.Keys, key => key.StartsWith("aiorleans_cost_usd_total{", StringComparison.Ordinal) && key.Contains("tenant=\"acme\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("text/plain;q=0.9,application/openmetrics-text;q=0.1", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task Answers_in_the_format_that_is_preferred(string accept, string contentType)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")));
        using HttpResponseMessage response = await GetAsync(gateway, request => request.Headers.TryAddWithoutValidation("Accept", accept));
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(contentType.StartsWith("application/", StringComparison.Ordinal), (await response.Content.ReadAsStringAsync()).EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_for_an_admin_key_where_a_proxy_stands_between()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")));
        using HttpResponseMessage direct = await GetAsync(gateway, _ => { });
        using HttpResponseMessage proxied = await GetAsync(gateway, request => request.Headers.Add("X-Forwarded-For", "203.0.113.7"));
        using HttpResponseMessage admin = await GetAsync(gateway, request =>
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            request.Headers.Authorization = new("Bearer", TestConfig.AdminKey);
        });
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK], [direct.StatusCode, proxied.StatusCode, admin.StatusCode]);
    }

    [Theory]
    [InlineData("admin", null, HttpStatusCode.Unauthorized)]
    [InlineData("admin", TestConfig.Key, HttpStatusCode.Unauthorized)]
    [InlineData("admin", TestConfig.AdminKey, HttpStatusCode.OK)]
    [InlineData("open", null, HttpStatusCode.OK)]
    public async Task Is_told_to_those_that_the_option_says(string access, string? key, HttpStatusCode status)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")), "--Metrics:Access", access);
        using HttpResponseMessage response = await GetAsync(gateway, request => request.Headers.Authorization = key is null ? null : new("Bearer", key));
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Can_be_switched_off()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")), "--Metrics:Enabled", "false");
        using HttpResponseMessage response = await GetAsync(gateway, _ => { });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Tells_no_secret_and_no_prompt()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl));
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        await gateway.WhenIdleAsync();
        using HttpResponseMessage scraped = await GetAsync(gateway, _ => { });
        string text = await scraped.Content.ReadAsStringAsync();
        Assert.DoesNotContain("sk-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.7.7", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", false)]
    public void Knows_private_addresses(string address, bool isPrivate) => Assert.Equal(isPrivate, MetricsEndpoint.IsPrivate(IPAddress.Parse(address)));

    private static Task<HttpResponseMessage> GetAsync(RunningGateway gateway, Action<HttpRequestMessage> change)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/metrics"));
        change(request);
        return new HttpClient().SendAsync(request);
    }

    /// <summary>Every sample by its name and labels, once everything is settled.</summary>
    private static async Task<Dictionary<string, double>> ScrapeAsync(RunningGateway gateway)
    {
        await gateway.WhenIdleAsync();
        return await ScrapeRunningAsync(gateway);
    }

    private static async Task<Dictionary<string, double>> ScrapeRunningAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await GetAsync(gateway, _ => { });
        string[] lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        return lines.Where(line => line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')], line => line.EndsWith("+Inf", StringComparison.Ordinal) ? double.PositiveInfinity : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^(# (TYPE|HELP) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")*\})? [-+0-9.eEInfNa]+)$""")]
    private static partial Regex Line();
}
