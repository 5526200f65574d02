using System.Text.Json;
using AIOrleans.Identity.Tokens;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class KeySetTests
{
    private static readonly SigningKey Rsa = SigningKey.Rsa();
    private static readonly SigningKey Curve = SigningKey.Curve();

    [Theory]
    [InlineData("RS256", "rsa-1", 1)]
    [InlineData("PS512", "rsa-1", 1)]
    [InlineData("ES256", "ec-1", 1)]
    [InlineData("ES384", "ec-1", 0)]
    [InlineData("ES256", "rsa-1", 0)]
    [InlineData("RS256", "ec-1", 0)]
    [InlineData("RS256", "RSA-1", 0)]
    [InlineData("HS256", "rsa-1", 0)]
    [InlineData("none", "rsa-1", 0)]
    public void A_key_counts_for_the_algorithms_of_its_kind_only(string algorithm, string kid, int count) =>
        Assert.Equal(count, KeySet.Read(Set(Rsa.Jwk(), Curve.Jwk())).For(Asking(algorithm, kid)).Count);

    [Fact]
    public void A_key_that_says_its_algorithm_counts_for_that_one()
    {
        var keys = KeySet.Read(Set(Rsa.Jwk(algorithm: "RS512")));

        Assert.Single(keys.For(Asking("RS512", "rsa-1")));
        Assert.Empty(keys.For(Asking("RS256", "rsa-1")));
    }

    [Fact]
    public void A_token_that_names_no_key_means_the_only_one_that_fits()
    {
        using var other = SigningKey.Rsa("rsa-2");

        Assert.Single(KeySet.Read(Set(Rsa.Jwk(), Curve.Jwk())).For(Asking("RS256", null)));
        Assert.Empty(KeySet.Read(Set(Rsa.Jwk(), other.Jwk())).For(Asking("RS256", null)));
    }

    [Fact]
    public void Keys_of_one_name_are_all_tried()
    {
        using var other = SigningKey.Rsa();

        Assert.Equal(2, KeySet.Read(Set(Rsa.Jwk(), other.Jwk(), Curve.Jwk("rsa-1"))).For(Asking("RS256", "rsa-1")).Count);
    }

    [Fact]
    public void Keys_that_are_not_for_signatures_or_too_weak_are_left_out()
    {
        using var weak = SigningKey.Rsa("weak", bits: 1024);
        string[] unusable =
        [
            weak.Jwk(), Rsa.Jwk("encryption", use: "enc"), """{"kty":"oct","kid":"secret","k":"AAAA"}""", """{"kty":"OKP","crv":"Ed25519","kid":"ed","x":"AAAA"}""",
            """{"kty":"EC","crv":"secp256k1","kid":"bitcoin","x":"AAAA","y":"AAAA"}""", """{"kty":"RSA","kid":"damaged","n":"!!","e":"AQAB"}""", """{"kid":"nothing"}""",
            """{"kty":"RSA","kid":"signs","key_ops":["sign"],"n":"AAAA","e":"AQAB"}""",
        ];

        Assert.Equal(1, KeySet.Read(Set([.. unusable, Rsa.Jwk()])).Count);
        Assert.Throws<FormatException>(() => KeySet.Read(Set(unusable)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":7}""")]
    public void What_is_no_set_is_refused(string json) => Assert.Throws<FormatException>(() => KeySet.Read(json));

    [Fact]
    public void A_set_is_bounded() => Assert.Throws<FormatException>(() => KeySet.Read(Set([.. Enumerable.Repeat(Curve.Jwk(), 101)])));

    internal static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    internal static UnverifiedToken Asking(string algorithm, string? kid) => new(algorithm, kid, "https://id.example/", default(JsonElement));
}
