using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Prices;

public sealed class PricesTests
{
    private const string List = """
        {
          "sample_spec": { "mode": "one of" },
          "up/up-model": { "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "input_cost_per_token_priority": 3e-6, "output_cost_per_token_priority": 4e-6,
                           "input_cost_per_token_flex": 5e-7, "input_cost_per_token_above_200k_tokens": 7e-6 },
          "spare-model": { "mode": "chat", "input_cost_per_token": "1e-5", "output_cost_per_token": 2e-5 },
          "pictures": { "mode": "image_generation", "output_cost_per_pixel": 1e-8 }
        }
        """;

    [Fact]
    public async Task A_model_without_a_price_is_refused_until_a_list_has_its_deployments()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream);

        using HttpResponseMessage refused = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("'up/up-model'", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        JsonElement report = await ImportAsync(gateway, List);
        Assert.Equal((2, 0, 0, 1), (Count(report, "imported"), Count(report, "changed"), Count(report, "unchanged"), Count(report, "skipped")));
        Assert.Equal("charged by output_cost_per_pixel, which the gateway does not count", report.GetProperty("skippedModels")[0].GetProperty("reason").GetString());

        using HttpResponseMessage answered = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        Assert.Equal("0.000013", Assert.Single(answered.Headers.GetValues("x-aiorleans-cost-usd")));
        await AssertVerifiedAsync(gateway);
    }

    [Fact]
    public async Task Each_attempt_is_charged_by_the_deployment_that_was_called()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}", 500));
        await using FakeUpstream spare = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, spare);
        await ImportAsync(gateway, List);

        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement charged = (await gateway.EventsAsync()).Single(e => e.GetProperty("provider").GetString() == "spare");
        Assert.Equal(0.00013m, charged.GetProperty("costUsd").GetDecimal());
        JsonElement prices = await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/prices/spare-model");
        Assert.Equal(
            prices.GetProperty("prices")[0].GetProperty("prices")[0].GetProperty("version").GetString(), charged.GetProperty("priceVersion").GetString());
        await AssertVerifiedAsync(gateway);
    }

    [Theory]
    [InlineData("", "", "standard", 0.000013)]
    [InlineData("priority", "priority", "priority", 0.000035)]
    [InlineData("priority", "default", "standard", 0.000013)]
    [InlineData("priority", "", "priority", 0.000035)]
    [InlineData("flex", "flex", "flex", 0.0000085)]
    [InlineData("flex", "", "standard", 0.000013)]
    [InlineData("auto", "priority", "priority", 0.000035)]
    public async Task A_call_is_charged_by_the_service_it_got(string asked, string told, string charged, double costUsd)
    {
        string answer = ChatSamples.Answer();
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Json(told.Length == 0 ? answer : answer.Insert(1, $"\"service_tier\":\"{told}\",")));
        await using RunningGateway gateway = await StartAsync(upstream);
        await ImportAsync(gateway, List);
        string request = ChatSamples.Request("gpt-4o");

        using HttpResponseMessage response = await gateway.ChatAsync(asked.Length == 0 ? request : request.Insert(1, $"\"service_tier\":\"{asked}\","));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement settled = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(charged, settled.GetProperty("service").GetString());
        Assert.Equal((decimal)costUsd, settled.GetProperty("costUsd").GetDecimal());
        await AssertVerifiedAsync(gateway);
    }

    [Fact]
    public async Task The_hold_covers_every_service_that_the_request_can_get()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream, limits: """{ "quotas": [ { "metric": "cost", "period": "day", "amount": 0.005 } ] }""");
        await ImportAsync(gateway, List);

        // A thousand tokens of output, and a thousand and some of input: 0.003 at the standard price, 0.007 at the priority one.
        Assert.Equal(HttpStatusCode.PaymentRequired, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o"))).StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o").Insert(1, "\"service_tier\":\"priority\","))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o").Insert(1, "\"service_tier\":\"default\","))).StatusCode);
    }

    [Fact]
    public async Task An_edited_price_is_a_new_version_and_old_charges_keep_theirs()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        string config = TestConfig.Json(upstream.BaseUrl);
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);
        await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
        await gateway.WhenIdleAsync();

        await File.WriteAllTextAsync(gateway.ConfigPath, config.Replace("\"outputPerMillion\": 10.00", "\"outputPerMillion\": 20.00", StringComparison.Ordinal));
        JsonElement[] history = await Patience.UntilAsync("the history has two prices", async () =>
        {
            JsonElement prices = (await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/prices/gpt-4o")).GetProperty("prices")[0].GetProperty("prices");
            return prices.GetArrayLength() == 2 ? prices.EnumerateArray().ToArray() : null;
        });
        string cost = await Patience.UntilAsync("a call costs more", async () =>
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("gpt-4o"));
            string told = Assert.Single(response.Headers.GetValues("x-aiorleans-cost-usd"));
            return told == "0.0000425" ? null : told;
        });

        Assert.Equal("0.0000625", cost);
        IReadOnlyList<JsonElement> events = await gateway.EventsAsync();
        Assert.Equal(history[0].GetProperty("version").GetString(), events[^1].GetProperty("priceVersion").GetString());
        Assert.Equal(history[1].GetProperty("version").GetString(), events[0].GetProperty("priceVersion").GetString());
        Assert.False(history[0].TryGetProperty("effectiveFrom", out _));
        Assert.Equal(history[0].GetProperty("effectiveUntil").GetString(), history[1].GetProperty("effectiveFrom").GetString());
        JsonElement old = await gateway.Admin.GetFromJsonAsync<JsonElement>($"/api/v1/price-versions/{history[0].GetProperty("version").GetString()}");
        Assert.Equal(10m, old.GetProperty("price").GetProperty("outputPerMillion").GetDecimal());
        await AssertVerifiedAsync(gateway);
    }

    [Fact]
    public async Task An_unpriced_model_that_is_allowed_costs_nothing_and_is_visible()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        string config = TestConfig.Json(upstream.BaseUrl).Replace("\"name\": \"free\",", "\"name\": \"free\", \"unpriced\": \"allow\",", StringComparison.Ordinal);
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);

        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("free"))).StatusCode);

        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        Assert.Equal(("", 0m), (charged.GetProperty("priceVersion").GetString(), charged.GetProperty("costUsd").GetDecimal()));
        JsonElement bill = await AssertVerifiedAsync(gateway);
        Assert.Equal(1, bill.GetProperty("unpriced").GetInt32());
        JsonElement totals = await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/usage");
        Assert.Equal(1, totals.GetProperty("rows")[0].GetProperty("unpricedAttempts").GetInt32());
    }

    [Fact]
    public async Task Prices_come_a_page_at_a_time()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream);
        await ImportAsync(gateway, """{ "sim-1": { "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 }, "sim-1-x": { "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 }, "a:b/c": { "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 } }""");

        var names = new List<string>();
        string? after = null;
        do
        {
            JsonElement page = await gateway.Admin.GetFromJsonAsync<JsonElement>($"/api/v1/prices?limit=1{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            names.AddRange(page.GetProperty("prices").EnumerateArray().Select(row => $"{row.GetProperty("model").GetString()} {row.GetProperty("source").GetString()}"));
            after = page.TryGetProperty("nextAfter", out JsonElement next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(["a:b/c import", "secret config", "sim-1 config", "sim-1 import", "sim-1-x import"], names);
        Assert.Equal(3, (await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/prices?source=import")).GetProperty("prices").GetArrayLength());
        Assert.Equal("a:b/c", (await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/prices/a:b/c")).GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_a_second_import_changes_nothing()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream);

        Assert.Equal(2, Count(await ImportAsync(gateway, List, "?dryRun=true"), "imported"));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Admin.GetAsync("/api/v1/prices/spare-model")).StatusCode);
        Assert.Equal(2, Count(await ImportAsync(gateway, List, "?effectiveFrom=2027-01-31"), "imported"));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o"))).StatusCode);
        Assert.Equal(2, (await ImportAsync(gateway, List)).GetProperty("models").GetArrayLength());
        Assert.Equal(2, Count(await ImportAsync(gateway, List), "unchanged"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("gpt-4o"))).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/prices/import", "{", "is not valid JSON at line 1, column 2")]
    [InlineData("/api/v1/prices/import", "[]", "must be an object")]
    [InlineData("/api/v1/prices/import?effectiveFrom=soon", "{}", "a day such as 2027-01-31")]
    [InlineData("/api/v1/prices?source=thin-air", null, "'config'")]
    [InlineData("/api/v1/prices?after=nowhere", null, "nextAfter")]
    [InlineData("/api/v1/usage/verify?from=soon", null, "a day such as 2027-01-31")]
    [InlineData("/api/v1/usage/verify?from=2027-01-31&to=2027-01-31", null, "must be before")]
    public async Task What_is_wrong_is_said(string address, string? body, string part)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream);

        using HttpResponseMessage response = body is null
            ? await gateway.Admin.GetAsync(address)
            : await gateway.Admin.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_too_large_is_refused()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using RunningGateway gateway = await StartAsync(upstream);

        using HttpResponseMessage response = await gateway.Admin.PostAsync("/api/v1/prices/import", new ByteArrayContent(new byte[(16 * 1024 * 1024) + 1]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    /// <summary>A gateway whose <c>gpt-4o</c> has no price of its own.</summary>
    private static Task<RunningGateway> StartAsync(FakeUpstream upstream, FakeUpstream? spare = null, string limits = "{}") =>
        RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, spare?.BaseUrl, new Dictionary<string, string> { ["team"] = limits })
            .Replace("\"price\": { \"inputPerMillion\": 2.50, \"cachedInputPerMillion\": 1.25, \"outputPerMillion\": 10.00 },", "", StringComparison.Ordinal));

    private static async Task<JsonElement> ImportAsync(RunningGateway gateway, string list, string query = "")
    {
        using HttpResponseMessage response = await gateway.Admin.PostAsync($"/api/v1/prices/import{query}", new StringContent(list, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> AssertVerifiedAsync(RunningGateway gateway)
    {
        await gateway.WhenIdleAsync();
        JsonElement bill = await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/usage/verify");
        Assert.True(bill.GetProperty("verified").GetBoolean(), bill.GetRawText());
        Assert.True(bill.GetProperty("events").GetInt32() > 0);
        return bill;
    }

    private static int Count(JsonElement report, string name) => report.GetProperty(name).GetInt32();
}
