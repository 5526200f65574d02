using System.Net;
using System.Text.Json;
using AIOrleans.Testing;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Host.Tests.Tokens;

/// <summary>Issuers that rotate their keys, go away, and come back.</summary>
public sealed class IssuerKeyTests
{
    [Fact]
    public async Task The_first_token_of_a_new_key_is_let_in_and_those_of_a_withdrawn_one_are_not_even_if_they_were_known()
    {
        using var next = SigningKey.Rsa("rsa-2");
        await using TokenGateway corp = await TokenGateway.StartAsync();
        string old = corp.Issuer.Token(TokenGateway.RsaKey);
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(old)).StatusCode);

        corp.Issuer.Publish(TokenGateway.RsaKey, next);
        await UntilAsync(HttpStatusCode.OK, () => corp.ChatAsync(corp.Issuer.Token(next)));
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(old)).StatusCode);

        // A token of a key that nobody knows has the keys read again: the old one is gone by then.
        corp.Issuer.Publish(next, TokenGateway.CurveKey);
        await UntilAsync(HttpStatusCode.OK, () => corp.ChatAsync(corp.Issuer.Token(next)));
        string stranger = TokenGateway.RsaKey.Token(TestIssuer.Payload(corp.Issuer.Url), header: """{"alg":"RS256","kid":"unheard"}""");
        await UntilAsync(HttpStatusCode.Unauthorized, async () =>
        {
            await corp.ChatAsync(stranger);
            return await corp.ChatAsync(old);
        });
        Assert.Equal("token_key_unknown", await CodeAsync(await corp.ChatAsync(old)));
    }

    [Fact]
    public async Task Tokens_hold_while_their_issuer_is_away()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync("KeysRefreshSeconds=5");
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token())).StatusCode);

        corp.Issuer.IsAway = true;

        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token(null, ("jti", "new")))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await corp.ChatAsync(corp.Issuer.Token(null, ("exp", 1)))).StatusCode);
    }

    [Fact]
    public async Task Without_the_keys_of_an_issuer_its_tokens_are_told_to_come_back_and_keys_work()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using TokenGateway corp = await TokenGateway.StartAsync();
        corp.Issuer.IsAway = true;
        await using TokenGateway late = await TokenGateway.StartAsync($"Issuers:corp:Authority={corp.Issuer.Url}");
        string token = corp.Issuer.Token();

        using HttpResponseMessage response = await late.ChatAsync(token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.Contains("retry-after"));
        Assert.Equal("issuer_unavailable", await CodeAsync(response));
        Assert.Equal(HttpStatusCode.OK, (await late.Gateway.ChatAsync(ChatSamples.Request("gpt-4o"))).StatusCode);

        corp.Issuer.IsAway = false;
        await UntilAsync(HttpStatusCode.OK, () => late.ChatAsync(token));
    }

    [Fact]
    public async Task Strangers_cannot_make_the_gateway_ask()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync("KeysRefreshSecondsMin=3600");
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token())).StatusCode);
        int before = corp.Issuer.Reads;

        for (int i = 0; i < 20; i++)
        {
            string unknownKey = TokenGateway.RsaKey.Token(TestIssuer.Payload(corp.Issuer.Url), header: $$"""{"alg":"RS256","kid":"k{{i}}"}""");
            Assert.Equal("token_key_unknown", await CodeAsync(await corp.ChatAsync(unknownKey)));
            Assert.Equal("token_issuer_unknown", await CodeAsync(await corp.ChatAsync(corp.Issuer.Token(null, ("iss", $"{corp.Issuer.Url}/{i}")))));
        }

        Assert.Equal(before, corp.Issuer.Reads);
    }

    [Fact]
    public async Task Nonsense_instead_of_keys_leaves_those_that_were()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token())).StatusCode);
        int before = corp.Issuer.Reads;

        corp.Issuer.Nonsense = """{"keys":[{"kty":"oct","k":"AAAA"}]}""";
        string stranger = TokenGateway.RsaKey.Token(TestIssuer.Payload(corp.Issuer.Url), header: """{"alg":"RS256","kid":"unheard"}""");
        await UntilAsync(HttpStatusCode.Unauthorized, async () =>
        {
            HttpResponseMessage refused = await corp.ChatAsync(stranger);
            return corp.Issuer.Reads > before ? refused : new HttpResponseMessage(HttpStatusCode.Continue);
        });

        Assert.Equal(HttpStatusCode.OK, (await corp.ChatAsync(corp.Issuer.Token(null, ("jti", "new")))).StatusCode);
    }

    private static async Task UntilAsync(HttpStatusCode status, Func<Task<HttpResponseMessage>> askAsync)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await askAsync()).StatusCode != status)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetString();
}
