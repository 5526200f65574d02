using System.Security.Cryptography;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>Checks signature, lifetime, audience and issuer, in this order: whoever did not sign learns nothing of the rest.</summary>
internal static class TokenValidator
{
    /// <exception cref="SecurityTokenException">It does not hold, and why.</exception>
    public static void Validate(JsonWebToken token, TokenValidationParameters parameters, DateTimeOffset now)
    {
        CheckSignature(token, parameters);
        CheckLifetime(token, parameters.ClockSkew, now.UtcDateTime);
        if (!token.Audiences.Intersect(parameters.ValidAudiences ?? [], StringComparer.Ordinal).Any())
        {
            throw new SecurityTokenInvalidAudienceException("The token is meant for others.");
        }

        if (token.Issuer.Length == 0 || token.Issuer != parameters.ValidIssuer)
        {
            throw new SecurityTokenInvalidIssuerException("The token says that another issuer made it.");
        }
    }

    private static void CheckSignature(JsonWebToken token, TokenValidationParameters parameters)
    {
        if (token.IsCritical || token.Signature.Length == 0 || parameters.ValidAlgorithms?.Contains(token.Algorithm) == false)
        {
            throw new SecurityTokenInvalidSignatureException("The token is not signed, or in a way that is not allowed.");
        }

        JsonWebKey[] keys = [.. parameters.IssuerSigningKeyResolver?.Invoke(token.Encoded, token, token.Kid, parameters).OfType<JsonWebKey>() ?? []];
        if (keys.Length == 0)
        {
            throw new SecurityTokenSignatureKeyNotFoundException("There is no key for the token.");
        }

        if (!keys.Any(key => IsSignedBy(token, key)))
        {
            throw new SecurityTokenInvalidSignatureException("No key made the signature of the token.");
        }
    }

    /// <summary>False for every algorithm that a public key cannot verify, <c>none</c> and HMAC among them.</summary>
    // Source: RFC 7518 §3.3 to §3.5.
    private static bool IsSignedBy(JsonWebToken token, JsonWebKey key)
    {
        try
        {
            return token.Algorithm switch
            {
                "RS256" => IsSignedByRsa(token, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                "RS384" => IsSignedByRsa(token, key, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
                "RS512" => IsSignedByRsa(token, key, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
                "PS256" => IsSignedByRsa(token, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                "PS384" => IsSignedByRsa(token, key, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
                "PS512" => IsSignedByRsa(token, key, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
                "ES256" => IsSignedByCurve(token, key, HashAlgorithmName.SHA256, "P-256", ECCurve.NamedCurves.nistP256),
                "ES384" => IsSignedByCurve(token, key, HashAlgorithmName.SHA384, "P-384", ECCurve.NamedCurves.nistP384),
                "ES512" => IsSignedByCurve(token, key, HashAlgorithmName.SHA512, "P-521", ECCurve.NamedCurves.nistP521),
                _ => false,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // The key is none: it signed nothing.
            return false;
        }
    }

    private static bool IsSignedByRsa(JsonWebToken token, JsonWebKey key, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        if (key is not { Kty: "RSA", N: { } modulus, E: { } exponent })
        {
            return false;
        }

        using RSA rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlText.Decode(modulus), Exponent = Base64UrlText.Decode(exponent) });
        return rsa.VerifyData(token.SigningInput, token.Signature, hash, padding);
    }

    private static bool IsSignedByCurve(JsonWebToken token, JsonWebKey key, HashAlgorithmName hash, string name, ECCurve curve)
    {
        if (key is not { Kty: "EC", X: { } x, Y: { } y } || key.Crv != name)
        {
            return false;
        }

        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Base64UrlText.Decode(x), Y = Base64UrlText.Decode(y) } });
        return ecdsa.VerifyData(token.SigningInput, token.Signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static void CheckLifetime(JsonWebToken token, TimeSpan skew, DateTime now)
    {
        if (token.ValidTo == default)
        {
            throw new SecurityTokenNoExpirationException("The token would never expire.");
        }

        if (token.ValidFrom > token.ValidTo)
        {
            throw new SecurityTokenInvalidLifetimeException("The token would expire before it is valid.");
        }

        if (token.ValidFrom > now + skew)
        {
            throw new SecurityTokenNotYetValidException("The token is not valid yet.");
        }

        if (token.ValidTo < now - skew)
        {
            throw new SecurityTokenExpiredException("The token has expired.");
        }
    }
}
