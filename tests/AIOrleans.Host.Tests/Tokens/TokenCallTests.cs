using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Host.Tests.Tokens;

/// <summary>Model calls with JSON Web Tokens instead of keys.</summary>
public sealed class TokenCallTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_calls_as_its_user_and_is_charged_to_everything_above(bool rsa)
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage response = await corp.ChatAsync(corp.Issuer.Token(rsa ? TokenGateway.RsaKey : TokenGateway.CurveKey));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement usage = Assert.Single(await corp.Gateway.EventsAsync());
        Assert.Equal("acme.eng.dev@corp", usage.GetProperty("key").GetString());
        Assert.Equal(["tenant:acme", "org:acme.eng", "user:acme.eng.dev", "model:acme.eng.gpt-4o"], PathOf(usage));
        await corp.Gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Anthropics_clients_send_it_as_their_key()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages");
        request.Headers.Add("x-api-key", corp.Issuer.Token());
        request.Content = new StringContent("""{"model":"gpt-4o","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""");
        using var client = new HttpClient { BaseAddress = corp.Gateway.Url };

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"type\":\"message\"", (await response.Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_go_on_working_beside_tokens()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await corp.Gateway.ChatAsync(ChatSamples.Request("gpt-4o"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await corp.SendAsync("/v1/models", corp.Issuer.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await corp.ChatAsync("sk-wrong")).StatusCode);
    }

    [Fact]
    public async Task Team_and_app_of_the_token_are_charged_too()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync("Issuers:corp:TeamClaim=groups", "Issuers:corp:AppClaim=azp");

        using HttpResponseMessage response = await corp.ChatAsync(corp.Issuer.Token(null, ("groups", new[] { "everybody", "core" }), ("azp", "copilot")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["tenant:acme", "org:acme.eng", "team:acme.eng.core", "user:acme.eng.dev", "app:acme.eng.copilot", "model:acme.eng.gpt-4o"],
            PathOf(Assert.Single(await corp.Gateway.EventsAsync())));
        await AssertRefusedAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("groups", "sales"), ("azp", "copilot"))), "token_unmapped", "no team of user 'dev'");
        await AssertRefusedAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("azp", "copilot"))), "token_unmapped", "no team of user 'dev'");
        await AssertRefusedAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("groups", "core"))), "token_unmapped", "'azp'");
        await AssertRefusedAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("groups", "core"), ("azp", "other"))), "token_unmapped", "no app 'other'");
    }

    [Fact]
    public async Task A_user_who_is_suspended_is_refused_at_the_next_call_and_nobody_is_made_by_a_token()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();
        string token = corp.Issuer.Token();
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(token)).StatusCode);

        using HttpResponseMessage changed = await corp.Gateway.Admin.PutAsync("/api/v1/accounts/user/acme.eng.dev", Json("""{"limits":{},"active":false}"""));
        using HttpResponseMessage suspended = await corp.ChatAsync(token);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, suspended.StatusCode);
        Assert.Contains("account_suspended", await suspended.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertRefusedAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("sub", "gone"))), "token_unmapped", "no user 'gone'");
    }

    [Fact]
    public async Task Limits_of_the_user_bound_its_tokens()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();
        await corp.Gateway.Admin.PutAsync("/api/v1/accounts/user/acme.eng.dev", Json("""{"limits":{"quotas":[{"metric":"requests","period":"day","amount":1}]}}"""));

        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await corp.ChatAsync(corp.Issuer.Token(null, ("jti", "another")))).StatusCode);
    }

    [Fact]
    public async Task A_call_is_repeated_with_a_new_token_of_the_same_user_and_charged_once()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage first = await corp.ChatAsync(corp.Issuer.Token(), idempotencyKey: "k");
        using HttpResponseMessage again = await corp.ChatAsync(corp.Issuer.Token(null, ("jti", "renewed")), idempotencyKey: "k");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("x-aiorleans-idempotent-replayed")));
        Assert.Single(await corp.Gateway.EventsAsync());
    }

    [Fact]
    public async Task Files_belong_to_the_org_of_the_token()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage listed = await corp.SendAsync("/v1/files", corp.Issuer.Token());

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static IEnumerable<string?> PathOf(JsonElement usage) => usage.GetProperty("path").EnumerateArray().Select(account => account.GetString());

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string code, string mention)
    {
        JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Contains(mention, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
