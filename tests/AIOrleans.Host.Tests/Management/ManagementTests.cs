using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Management;

public sealed class ManagementTests
{
    [Theory]
    [InlineData("/api/v1/usage")]
    [InlineData("/api/v1/accounts/tenant/acme/live")]
    [InlineData("/api/v1/providers/up/live")]
    public async Task Nothing_is_told_without_an_admin_key(string path)
    {
        await using RunningGateway gateway = await StartAsync();

        using HttpResponseMessage response = await gateway.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_new_key_works_at_once_and_not_after_it_was_revoked()
    {
        await using RunningGateway gateway = await StartAsync();
        using HttpResponseMessage created = await gateway.Admin.PostAsJsonAsync("/api/v1/keys", new { tenant = "acme", org = "eng", id = "fresh", user = "dev" });
        JsonElement key = await created.Content.ReadFromJsonAsync<JsonElement>();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", key.GetProperty("secret").GetString());

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("sim-1"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Admin.PostAsync("/api/v1/keys/acme.eng.fresh/revoke", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.ChatAsync(ChatSamples.Request("sim-1"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Admin.PostAsJsonAsync("/api/v1/keys", new { tenant = "acme", org = "eng", id = "fresh", user = "dev" })).StatusCode);
    }

    [Fact]
    public async Task New_limits_hold_from_the_next_call_and_change_no_counter()
    {
        await using RunningGateway gateway = await StartAsync();
        await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        await gateway.WhenIdleAsync();

        using HttpResponseMessage changed = await PutAsync(gateway, """{"limits":{"quotas":[{"metric":"requests","period":"day","amount":2}]}}""");
        JsonElement quota = (await gateway.LiveAsync("team/acme.eng.core")).GetProperty("quotas")[0];

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(1, quota.GetProperty("used").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(ChatSamples.Request("sim-1"))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await gateway.ChatAsync(ChatSamples.Request("sim-1"))).StatusCode);
    }

    [Fact]
    public async Task A_limit_that_counts_nothing_is_written_with_a_warning()
    {
        await using RunningGateway gateway = await StartAsync();

        using HttpResponseMessage response = await PutAsync(
            gateway, """{"limits":{"quotas":[{"metric":"operations","operation":"embedings","period":"day","amount":5}]}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("embedings", Assert.Single(body.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_what_would_hold_and_deny_and_spends_nothing()
    {
        await using RunningGateway gateway = await StartAsync();
        await PutAsync(gateway, """{"limits":{"quotas":[{"metric":"cost","period":"month","amount":0.0001}]}}""");

        using HttpResponseMessage response = await gateway.Admin.PostAsJsonAsync(
            "/api/v1/explain", new { key = "acme.eng.k1", model = "sim-1", inputBytes = 100, maxTokens = 50 });
        JsonElement explained = await response.Content.ReadFromJsonAsync<JsonElement>();

        JsonElement[] accounts = [.. explained.GetProperty("accounts").EnumerateArray()];
        Assert.Equal(
            ["tenant:acme", "org:acme.eng", "team:acme.eng.core", "user:acme.eng.dev", "key:acme.eng.k1", "app:acme.eng.copilot", "model:acme.eng.sim-1"],
            accounts.Select(account => account.GetProperty("account").GetString()));
        Assert.Equal("cost/month", Assert.Single(accounts[2].GetProperty("wouldDeny").EnumerateArray()).GetString());
        Assert.True(explained.GetProperty("holds").GetProperty("strict").GetProperty("costUsd").GetDecimal() > 0.0001m);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Admin.PostAsJsonAsync("/api/v1/explain", new { key = "acme.eng.none", model = "sim-1" })).StatusCode);
        Assert.Empty(await gateway.EventsAsync());
        await gateway.AssertNothingHeldAsync();
    }

    [Theory]
    [InlineData("""{"limits":{"tokensPerMinit":5}}""", "tokensPerMinute")]
    [InlineData("""{"limits":{"quotas":[{"metric":"cost","period":"fortnight","amount":1}]}}""", "fortnight")]
    [InlineData("""{"limit":{}}""", "limits")]
    public async Task Wrong_limits_are_refused_with_what_to_change(string body, string mention)
    {
        await using RunningGateway gateway = await StartAsync();

        using HttpResponseMessage response = await PutAsync(gateway, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(mention, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_is_grouped_and_todays_totals_are_kept_by_the_tenants_grain()
    {
        await using RunningGateway gateway = await StartAsync();
        await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        await gateway.WhenIdleAsync();

        JsonElement totals = await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/usage?groupBy=team,model,tag:department");
        JsonElement row = Assert.Single(totals.GetProperty("rows").EnumerateArray());
        Assert.Equal("acme.eng.core", row.GetProperty("group").GetProperty("team").GetString());
        Assert.Equal("rnd", row.GetProperty("group").GetProperty("tag:department").GetString());
        Assert.Equal(2, row.GetProperty("requests").GetInt32());

        JsonElement today = await gateway.Admin.GetFromJsonAsync<JsonElement>("/api/v1/usage/today/acme");
        Assert.Equal(2, Assert.Single(today.GetProperty("rows").EnumerateArray()).GetProperty("requests").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Admin.GetAsync("/api/v1/usage?groupBy=colour")).StatusCode);
    }

    private static Task<HttpResponseMessage> PutAsync(RunningGateway gateway, string body) =>
        gateway.Admin.PutAsync("/api/v1/accounts/team/acme.eng.core", new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<RunningGateway> StartAsync() => RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9/v1")));
}
