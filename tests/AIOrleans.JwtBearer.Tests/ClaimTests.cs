using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.JwtBearer.Tests;

/// <summary>Tokens that their issuer signed, and that do not hold here or now.</summary>
public sealed class ClaimTests
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public Task An_expired_token_is_refused() => Bearer.AssertRefusedAsync<SecurityTokenExpiredException>(Token(("exp", Now - 60)), Bearer.Rsa.Jwk());

    [Fact]
    public Task Clocks_may_be_apart_by_the_skew_and_no_more() => Bearer.AssertHoldsAsync(Token(("exp", Now - 10), ("nbf", Now - 20)), Bearer.Rsa.Jwk());

    [Fact]
    public Task A_token_that_never_expires_is_refused() => Bearer.AssertRefusedAsync<SecurityTokenNoExpirationException>(Token(("exp", null)), Bearer.Rsa.Jwk());

    [Fact]
    public Task A_token_of_the_future_is_refused() => Bearer.AssertRefusedAsync<SecurityTokenNotYetValidException>(Token(("nbf", Now + 300)), Bearer.Rsa.Jwk());

    [Fact]
    public Task A_token_that_ends_before_it_begins_is_refused() =>
        Bearer.AssertRefusedAsync<SecurityTokenInvalidLifetimeException>(Token(("nbf", Now + 700)), Bearer.Rsa.Jwk());

    [Fact]
    public async Task The_end_of_a_token_is_told()
    {
        long end = Now + 100;

        AuthenticateResult result = await Bearer.AskAsync(Token(("exp", end)), Bearer.Rsa.Jwk());

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(end), result.Properties?.ExpiresUtc);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("AIORLEANS")]
    [InlineData("aiorleans2")]
    [InlineData("")]
    [InlineData(null)]
    public Task A_token_for_others_is_refused(string? audience) =>
        Bearer.AssertRefusedAsync<SecurityTokenInvalidAudienceException>(Token(("aud", audience)), Bearer.Rsa.Jwk());

    [Fact]
    public Task One_of_several_audiences_is_enough() => Bearer.AssertHoldsAsync(Token(("aud", new[] { "other", "aiorleans" })), Bearer.Rsa.Jwk());

    [Theory]
    [InlineData("https://issuer.example")]
    [InlineData("https://ISSUER.example/")]
    [InlineData("https://issuer.example/evil")]
    [InlineData("")]
    [InlineData(null)]
    public Task A_token_of_another_issuer_is_refused(string? issuer) =>
        Bearer.AssertRefusedAsync<SecurityTokenInvalidIssuerException>(Token(("iss", issuer)), Bearer.Rsa.Jwk());

    [Fact]
    public async Task Whoever_did_not_sign_learns_nothing_of_the_claims()
    {
        string token = Token(("aud", "other"), ("exp", Now - 60), ("iss", "https://evil.example/"));

        await Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(token[..^20] + new string('A', 20), Bearer.Rsa.Jwk());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.!!!!")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.AAAA")]
    [InlineData("W10.W10.AAAA")]
    public async Task What_is_no_token_is_refused(string token) => Assert.False((await Bearer.AskAsync(token, Bearer.Rsa.Jwk())).Succeeded);

    [Fact]
    public async Task A_huge_token_is_refused_unread() =>
        Assert.False((await Bearer.AskAsync(Token(("padding", new string('x', 300_000))), Bearer.Rsa.Jwk())).Succeeded);

    private static string Token(params (string Name, object? Value)[] claims) => Bearer.Rsa.Token(Bearer.Payload(claims));
}
