using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>A public key, ready to verify signatures.</summary>
/// <remarks>Thread-safe: one signature at a time. Kept with the key that it is of, because making it costs ten times what a signature does.</remarks>
// Source: RFC 7518 §3.3 to §3.5, §6.
internal sealed class VerifyingKey
{
    private static readonly ConditionalWeakTable<JsonWebKey, VerifyingKey> Made = [];

    private readonly Lock gate = new();
    private readonly RSA? rsa;
    private readonly ECDsa? curve;
    private readonly string? curveName;

    private VerifyingKey(JsonWebKey key)
    {
        switch (key)
        {
            case { Kty: "RSA", N: { } modulus, E: { } exponent }:
                rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlText.Decode(modulus), Exponent = Base64UrlText.Decode(exponent) });
                break;
            case { Kty: "EC", X: { } x, Y: { } y } when CurveOf(key.Crv) is { } named:
                curve = ECDsa.Create(new ECParameters { Curve = named, Q = new ECPoint { X = Base64UrlText.Decode(x), Y = Base64UrlText.Decode(y) } });
                curveName = key.Crv;
                break;
        }
    }

    /// <exception cref="CryptographicException">The key is damaged.</exception>
    /// <exception cref="FormatException">Likewise.</exception>
    public static VerifyingKey Of(JsonWebKey key) => Made.GetValue(key, static made => new VerifyingKey(made));

    /// <summary>False for every algorithm that this key is not for, and for all that no public key can verify, <c>none</c> and HMAC among them.</summary>
    public bool Verifies(string algorithm, byte[] input, byte[] signature)
    {
        lock (gate)
        {
            return algorithm switch
            {
                "RS256" => IsOfRsa(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                "RS384" => IsOfRsa(input, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
                "RS512" => IsOfRsa(input, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
                "PS256" => IsOfRsa(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                "PS384" => IsOfRsa(input, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
                "PS512" => IsOfRsa(input, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
                "ES256" => IsOfCurve("P-256", input, signature, HashAlgorithmName.SHA256),
                "ES384" => IsOfCurve("P-384", input, signature, HashAlgorithmName.SHA384),
                "ES512" => IsOfCurve("P-521", input, signature, HashAlgorithmName.SHA512),
                _ => false,
            };
        }
    }

    private static ECCurve? CurveOf(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private bool IsOfRsa(byte[] input, byte[] signature, HashAlgorithmName hash, RSASignaturePadding padding) =>
        rsa?.VerifyData(input, signature, hash, padding) == true;

    // Both numbers at their full length, one after the other, and not as DER.
    private bool IsOfCurve(string name, byte[] input, byte[] signature, HashAlgorithmName hash) =>
        curveName == name && curve?.VerifyData(input, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) == true;
}
