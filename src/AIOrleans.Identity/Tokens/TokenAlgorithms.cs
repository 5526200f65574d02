using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.Identity.Tokens;

/// <summary>The algorithms that tokens may be signed with, and the keys that fit each: never <c>none</c>, and never one with a shared secret.</summary>
// Source: RFC 7518 §3.3 to §3.5, RFC 8725 §3.1 and §3.2.
internal static class TokenAlgorithms
{
    private const int RsaBitsMin = 2048;

    public static readonly IReadOnlyList<string> All = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>True for public keys that are meant for signatures, and strong enough.</summary>
    /// <exception cref="FormatException">The key is damaged.</exception>
    public static bool IsUsable(JsonWebKey key) =>
        (string.IsNullOrEmpty(key.Use) || key.Use == "sig")
        && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify"))
        && (key.Kty == "EC" ? key.Crv is "P-256" or "P-384" or "P-521" : key.Kty == "RSA" && key.KeySize >= RsaBitsMin);

    /// <summary>True when <paramref name="key"/>, a usable one, is for <paramref name="algorithm"/>.</summary>
    public static bool Fits(JsonWebKey key, string algorithm) =>
        (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm) && algorithm switch
        {
            "ES256" => key.Crv == "P-256" && key.Kty == "EC",
            "ES384" => key.Crv == "P-384" && key.Kty == "EC",
            "ES512" => key.Crv == "P-521" && key.Kty == "EC",
            _ => key.Kty == "RSA" && All.Contains(algorithm),
        };
}
