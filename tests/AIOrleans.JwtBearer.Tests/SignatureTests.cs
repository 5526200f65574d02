using System.Security.Cryptography;
using System.Text;
using AIOrleans.Testing.Issuers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.JwtBearer.Tests;

/// <summary>What forgers try.</summary>
public sealed class SignatureTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public Task Every_algorithm_of_RSA_is_known(string algorithm) => Bearer.AssertHoldsAsync(Bearer.Rsa.Token(Bearer.Payload(), algorithm), Bearer.Rsa.Jwk());

    [Theory]
    [InlineData(256)]
    [InlineData(384)]
    [InlineData(521)]
    public async Task Every_curve_is_known(int bits)
    {
        using var key = SigningKey.Curve(bits: bits);

        await Bearer.AssertHoldsAsync(key.Token(Bearer.Payload()), key.Jwk());
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused()
    {
        using var other = SigningKey.Rsa();
        using var curve = SigningKey.Curve();

        await Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(other.Token(Bearer.Payload()), Bearer.Rsa.Jwk());
        await Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(curve.Token(Bearer.Payload()), Bearer.Curve.Jwk());
    }

    [Fact]
    public async Task Without_keys_nothing_holds() =>
        await Bearer.AssertRefusedAsync<SecurityTokenSignatureKeyNotFoundException>(Bearer.Rsa.Token(Bearer.Payload()));

    [Fact]
    public Task Of_several_keys_of_one_name_any_may_have_signed() =>
        Bearer.AssertHoldsAsync(Bearer.Rsa.Token(Bearer.Payload()), Bearer.Curve.Jwk("rsa-1"), Bearer.Rsa.Jwk());

    [Fact]
    public Task Another_payload_under_the_same_signature_is_refused()
    {
        string[] parts = Bearer.Rsa.Token(Bearer.Payload()).Split('.');
        string admin = SigningKey.Encode(Encoding.UTF8.GetBytes(Bearer.Payload(("sub", "root"))));

        return Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>($"{parts[0]}.{admin}.{parts[2]}", Bearer.Rsa.Jwk());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task None_is_no_algorithm_with_a_signature_or_without(string algorithm)
    {
        string header = $$"""{"alg":"{{algorithm}}","kid":"rsa-1"}""";
        string[] parts = Bearer.Rsa.Token(Bearer.Payload(), header: header).Split('.');

        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.{parts[2]}");
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.");

        static async Task AssertRefusedAsync(string token) => Assert.False((await Bearer.AskAsync(token, Bearer.Rsa.Jwk())).Succeeded);
    }

    [Fact]
    public Task A_signature_that_was_taken_off_is_missed()
    {
        string token = Bearer.Rsa.Token(Bearer.Payload());

        return Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(token[..(token.LastIndexOf('.') + 1)], Bearer.Rsa.Jwk());
    }

    // The attack on libraries that take a public key for the secret of HMAC.
    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task A_public_key_is_nobodys_secret(string algorithm)
    {
        foreach (byte[] secret in (byte[][])[Bearer.Rsa.PublicPem(), Encoding.UTF8.GetBytes(Bearer.Rsa.Jwk())])
        {
            string input = Bearer.Rsa.Token(Bearer.Payload(), header: $$"""{"alg":"{{algorithm}}","kid":"rsa-1"}""");
            input = input[..input.LastIndexOf('.')];
            byte[] bytes = Encoding.ASCII.GetBytes(input);
            byte[] mac = algorithm switch
            {
                "HS256" => HMACSHA256.HashData(secret, bytes),
                "HS384" => HMACSHA384.HashData(secret, bytes),
                _ => HMACSHA512.HashData(secret, bytes),
            };

            await Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>($"{input}.{SigningKey.Encode(mac)}", Bearer.Rsa.Jwk());
        }
    }

    [Theory]
    [InlineData("RS256", "ES256")]
    [InlineData("RS256", "RS512")]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public Task A_signature_counts_only_for_the_algorithm_that_made_it(string signed, string said)
    {
        string input = Bearer.Rsa.Token(Bearer.Payload(), header: $$"""{"alg":"{{said}}","kid":"rsa-1"}""");
        input = input[..input.LastIndexOf('.')];
        string token = $"{input}.{SigningKey.Encode(Bearer.Rsa.Sign(signed, Encoding.ASCII.GetBytes(input)))}";

        return Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(token, Bearer.Rsa.Jwk());
    }

    [Fact]
    public async Task Only_algorithms_that_were_allowed_count()
    {
        AuthenticateResult result = await Bearer.AskAsync(
            Bearer.Rsa.Token(Bearer.Payload(), "RS512"), parameters => parameters.ValidAlgorithms = ["RS256", "ES256"], Bearer.Rsa.Jwk());

        Assert.IsAssignableFrom<SecurityTokenValidationException>(result.Failure);
    }

    // JOSE writes both numbers at their full length, one after the other; other protocols write them as DER.
    [Fact]
    public Task A_DER_signature_of_a_curve_is_refused()
    {
        string input = Bearer.Curve.Token(Bearer.Payload());
        input = input[..input.LastIndexOf('.')];
        byte[] der = Bearer.Curve.Sign("ES256", Encoding.ASCII.GetBytes(input), DSASignatureFormat.Rfc3279DerSequence);

        return Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>($"{input}.{SigningKey.Encode(der)}", Bearer.Curve.Jwk());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    public async Task A_signature_of_another_length_is_refused(int length)
    {
        string token = Bearer.Curve.Token(Bearer.Payload());
        string input = token[..token.LastIndexOf('.')];

        AuthenticateResult result = await Bearer.AskAsync($"{input}.{SigningKey.Encode(new byte[length])}", Bearer.Curve.Jwk());

        Assert.False(result.Succeeded);
    }

    // CVE-2022-21449: zeroes that some verifiers took for a signature of anything.
    [Fact]
    public Task Zeroes_are_no_signature()
    {
        string token = Bearer.Curve.Token(Bearer.Payload());

        return Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(token[..(token.LastIndexOf('.') + 1)] + SigningKey.Encode(new byte[64]), Bearer.Curve.Jwk());
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","kid":"ec-1","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","kid":"ec-1","x":"AQ","y":"AQ"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","kid":"ec-1"}""")]
    [InlineData("""{"kty":"RSA","kid":"ec-1","n":"AA","e":"AA"}""")]
    public async Task A_damaged_key_signed_nothing(string key) => Assert.False((await Bearer.AskAsync(Bearer.Curve.Token(Bearer.Payload()), key)).Succeeded);
}
