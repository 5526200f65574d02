using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Host.Tests.Tokens;

/// <summary>Tokens that do not hold: what their bearers are told, in the words of their protocol.</summary>
public sealed class TokenRefusalTests
{
    [Theory]
    [InlineData("expired", "token_expired")]
    [InlineData("future", "token_not_yet_valid")]
    [InlineData("endless", "token_malformed")]
    [InlineData("audience", "token_audience_wrong")]
    [InlineData("issuer", "token_issuer_unknown")]
    [InlineData("kid", "token_key_unknown")]
    [InlineData("forged", "token_signature_invalid")]
    [InlineData("tampered", "token_signature_invalid")]
    [InlineData("none", "token_algorithm_refused")]
    [InlineData("stripped", "token_malformed")]
    [InlineData("hmac", "token_algorithm_refused")]
    [InlineData("crit", "token_malformed")]
    [InlineData("logout", "token_malformed")]
    [InlineData("huge", "token_malformed")]
    [InlineData("garbage", "token_malformed")]
    public async Task A_token_that_does_not_hold_is_refused_with_the_reason_and_never_repeated(string flaw, string code)
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();
        string token = Flawed(corp.Issuer, flaw);

        using HttpResponseMessage response = await corp.ChatAsync(token);

        string body = await response.Content.ReadAsStringAsync();
        JsonElement error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal($"Bearer error=\"invalid_token\", error_description=\"{code}\"", Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
        Assert.DoesNotContain(token.Split('.')[1], body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", body, StringComparison.Ordinal);
        Assert.Empty(corp.Upstream.Requests);
        Assert.Empty(await corp.Gateway.EventsAsync());
    }

    [Fact]
    public async Task Anthropics_clients_are_told_in_their_own_words()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage response = await corp.SendAsync("/v1/messages", Flawed(corp.Issuer, "expired"), "{}");

        JsonElement body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("authentication_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("expired", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_a_key_asks_for_one()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage response = await corp.ChatAsync("sk-wrong");

        Assert.Equal("Bearer", Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
    }

    private static string Flawed(TestIssuer issuer, string flaw)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string[] good = issuer.Token().Split('.');
        string Header(string json) => SigningKey.Encode(Encoding.UTF8.GetBytes(json));
        switch (flaw)
        {
            case "expired": return issuer.Token(null, ("exp", now - 3600));
            case "future": return issuer.Token(null, ("nbf", now + 300));
            case "endless": return issuer.Token(null, ("exp", null));
            case "audience": return issuer.Token(null, ("aud", "https://evil.example/"));
            case "issuer": return issuer.Token(null, ("iss", "https://evil.example/"));
            case "kid": return TokenGateway.RsaKey.Token(TestIssuer.Payload(issuer.Url), header: """{"alg":"RS256","kid":"evil"}""");
            case "forged":
                using (var evil = SigningKey.Rsa())
                {
                    return evil.Token(TestIssuer.Payload(issuer.Url));
                }

            case "tampered": return $"{good[0]}.{Header(TestIssuer.Payload(issuer.Url, ("sub", "root")))}.{good[2]}";
            case "none": return $"{Header("""{"alg":"none","kid":"rsa-1"}""")}.{good[1]}.{good[2]}";
            case "stripped": return $"{good[0]}.{good[1]}.";
            case "hmac":
                string input = $"{Header("""{"alg":"HS256","kid":"rsa-1"}""")}.{good[1]}";
                return $"{input}.{SigningKey.Encode(HMACSHA256.HashData(TokenGateway.RsaKey.PublicPem(), Encoding.ASCII.GetBytes(input)))}";
            case "crit": return TokenGateway.RsaKey.Token(TestIssuer.Payload(issuer.Url), header: """{"alg":"RS256","kid":"rsa-1","crit":["evil"],"evil":1}""");
            case "logout": return TokenGateway.RsaKey.Token(TestIssuer.Payload(issuer.Url), header: """{"alg":"RS256","kid":"rsa-1","typ":"logout+jwt"}""");
            case "huge": return issuer.Token(null, ("padding", new string('x', 15_000)));
            default: return "eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.AAAA";
        }
    }
}
