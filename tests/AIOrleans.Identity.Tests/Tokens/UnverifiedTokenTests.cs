using System.Text;
using AIOrleans.Identity.Tokens;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class UnverifiedTokenTests
{
    private const string Claims = """{"iss":"https://id.example/","sub":"dev"}""";

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA", true)]
    [InlineData("eyJ..", true)]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30", false)]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA.AA.AA", false)]
    [InlineData("sk-aio-abc.def.ghi", false)]
    [InlineData("EYJ.a.b", false)]
    [InlineData("", false)]
    public void A_token_is_known_by_its_shape(string presented, bool isToken) => Assert.Equal(isToken, UnverifiedToken.IsToken(presented));

    [Fact]
    public void Algorithm_key_and_issuer_are_read()
    {
        UnverifiedToken? token = UnverifiedToken.TryRead(Token("""{"alg":"RS256","kid":"k1","typ":"at+JWT"}"""), out string? mistake);

        Assert.Null(mistake);
        Assert.Equal(("RS256", "k1", "https://id.example/"), (token?.Algorithm, token?.KeyId, token?.Issuer));
    }

    [Theory]
    [InlineData("""{"kid":"k1"}""", Claims, "no alg")]
    [InlineData("""{"alg":7}""", Claims, "no alg")]
    [InlineData("""{"alg":"RS256","kid":7}""", Claims, "kid")]
    [InlineData("""{"alg":"RS256","crit":["b64"],"b64":false}""", Claims, "crit")]
    [InlineData("""{"alg":"RS256","crit":null}""", Claims, "crit")]
    [InlineData("""{"alg":"RS256","typ":"secevent+jwt"}""", Claims, "typ")]
    [InlineData("""{"alg":"RS256"}""", """{"sub":"dev"}""", "iss")]
    [InlineData("""{"alg":"RS256"}""", """{"iss":["https://id.example/"]}""", "iss")]
    [InlineData("""["RS256"]""", Claims, "JSON objects")]
    [InlineData("""{"alg":"RS256"}""", "7", "JSON objects")]
    [InlineData("""{"alg":"none","alg":"RS256"}""", Claims, "JSON objects")]
    [InlineData("""{"alg":"RS256"}""", """{"iss":"https://evil.example/","iss":"https://id.example/"}""", "JSON objects")]
    [InlineData("""{"alg":"RS256"}""", """{"iss":"a","x":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""", "JSON objects")]
    public void What_cannot_be_accepted_is_said(string header, string claims, string mention)
    {
        Assert.Null(UnverifiedToken.TryRead(Token(header, claims), out string? mistake));
        Assert.Contains(mention, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJ hbGciOiJSUzI1NiJ9")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9=")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9\n")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9+")]
    [InlineData("eyJhb")]
    [InlineData("")]
    public void Only_base64url_without_padding_counts(string header)
    {
        Assert.Null(UnverifiedToken.TryRead($"{header}.{Token("{}").Split('.')[1]}.AA", out string? mistake));
        Assert.NotNull(mistake);
    }

    [Fact]
    public void An_unsigned_token_is_none()
    {
        Assert.Null(UnverifiedToken.TryRead(Token("""{"alg":"none"}""")[..^2], out string? mistake));
        Assert.Equal("it is not signed", mistake);
    }

    private static string Token(string header, string claims = Claims) =>
        $"{SigningKey.Encode(Encoding.UTF8.GetBytes(header))}.{SigningKey.Encode(Encoding.UTF8.GetBytes(claims))}.AA";
}
