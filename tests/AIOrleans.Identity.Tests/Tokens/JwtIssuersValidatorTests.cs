using AIOrleans.Identity.Tokens;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class JwtIssuersValidatorTests
{
    [Fact]
    public void An_issuer_of_users_needs_little() => Assert.Null(MistakesOf("corp", Good));

    [Fact]
    public void An_issuer_of_admins_alone_is_one() =>
        Assert.Null(MistakesOf("corp", new JwtIssuerOptions { KeysFile = "keys.json", Issuer = "ops", Audience = "a", AdminClaim = "roles", AdminValue = "admin" }));

    [Theory]
    [InlineData("Corp")]
    [InlineData("my corp")]
    [InlineData("a@b")]
    public void A_name_has_letters_and_digits(string name) => Assert.Contains("the name of an issuer", MistakesOf(name, Good), StringComparison.Ordinal);

    public static TheoryData<string, Action<JwtIssuerOptions>> Spoilt => new()
    {
        { "corp:Authority", issuer => issuer.Authority = "" },
        { "corp:Authority", issuer => issuer.Authority = "http://id.example.com" },
        { "corp:Authority", issuer => issuer.Authority = "id.example.com" },
        { "corp:Authority", issuer => issuer.KeysFile = "keys.json" },
        { "corp:Issuer", issuer => (issuer.Authority, issuer.KeysFile) = ("", "keys.json") },
        { "corp:Audience", issuer => issuer.Audience = " , " },
        { "corp:Algorithms", issuer => issuer.Algorithms = "RS256,HS256" },
        { "corp:Algorithms", issuer => issuer.Algorithms = "none" },
        { "corp:Algorithms", issuer => issuer.Algorithms = "" },
        { "corp:Tenant", issuer => issuer.TenantClaim = "tenant" },
        { "corp:Tenant", issuer => issuer.Tenant = "" },
        { "corp:Org", issuer => issuer.Org = "" },
        { "corp:UserClaim", issuer => issuer.UserClaim = "" },
        { "corp:AdminClaim", issuer => issuer.AdminValue = "admin" },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void A_mistake_is_told_by_its_option(string option, Action<JwtIssuerOptions> spoil)
    {
        JwtIssuerOptions issuer = Good;
        spoil(issuer);

        Assert.Contains($"Jwt:Issuers:{option}", MistakesOf("corp", issuer), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_of_one_issuer_are_a_mistake()
    {
        var options = new JwtOptions { Issuers = { ["one"] = Good, ["two"] = Good } };

        Assert.Contains("one and two", new JwtIssuersValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    private static JwtIssuerOptions Good => new() { Authority = "https://id.example.com/realms/acme", Audience = "aiorleans", Tenant = "acme", Org = "eng" };

    private static string? MistakesOf(string name, JwtIssuerOptions issuer) =>
        new JwtIssuersValidator().Validate(null, new JwtOptions { Issuers = { [name] = issuer } }).FailureMessage;
}
