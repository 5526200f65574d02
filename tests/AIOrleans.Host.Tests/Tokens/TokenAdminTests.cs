using System.Net;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing.Issuers;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Tests.Tokens;

/// <summary>The management API with tokens, and options that are mistaken.</summary>
public sealed class TokenAdminTests
{
    private static readonly string[] Admins = ["Issuers:corp:AdminClaim=realm_access.roles", "Issuers:corp:AdminValue=aiorleans-admin"];

    [Theory]
    [InlineData("/api/v1/usage")]
    [InlineData("/metrics")]
    public async Task A_token_with_the_claim_is_an_admins(string path)
    {
        await using TokenGateway corp = await TokenGateway.StartAsync([.. Admins]);

        using HttpResponseMessage response = await corp.SendAsync(path, corp.Issuer.Token(null, ("realm_access", new { roles = new[] { "user", "aiorleans-admin" } })));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Any_other_token_is_not()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync([.. Admins]);

        using HttpResponseMessage user = await corp.SendAsync("/api/v1/usage", corp.Issuer.Token(null, ("realm_access", new { roles = new[] { "aiorleans-administrator" } })));
        using HttpResponseMessage flat = await corp.SendAsync("/api/v1/usage", corp.Issuer.Token(null, ("roles", "aiorleans-admin")));
        using HttpResponseMessage expired = await corp.SendAsync(
            "/api/v1/usage", corp.Issuer.Token(null, ("exp", 1), ("realm_access", new { roles = new[] { "aiorleans-admin" } })));

        Assert.Equal(HttpStatusCode.Forbidden, user.StatusCode);
        Assert.Equal("application/problem+json", user.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.Forbidden, flat.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
        Assert.Contains("token_expired", Assert.Single(expired.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_of_callers_has_no_admins_unless_it_says_so()
    {
        await using TokenGateway corp = await TokenGateway.StartAsync();

        using HttpResponseMessage response = await corp.SendAsync("/api/v1/usage", corp.Issuer.Token(null, ("roles", "admin"), ("", "")));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Every_mistake_of_the_options_is_told_at_once()
    {
        var mistaken = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningGateway.StartAsync(
            TestConfig.Json(new Uri("http://127.0.0.1:1/v1")),
            "--Jwt:ClockSkewSeconds=900", "--Jwt:Issuers:corp:Authority=http://id.example.com", "--Jwt:Issuers:corp:RequireHttpsMetadata=false",
            "--Jwt:Issuers:corp:Algorithms=HS256,RS256", "--Jwt:Issuers:corp:Tenant=acme", "--Jwt:Issuers:corp:AdminClaim=roles"));

        string all = string.Join('\n', mistaken.Failures);
        Assert.All(
            (string[])["ClockSkewSeconds", "corp:Authority", "corp:Audience", "corp:Algorithms", "corp:Org", "corp:AdminClaim"],
            option => Assert.Contains(option, all, StringComparison.Ordinal));
    }
}
