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

    private static bool IsSignedBy(JsonWebToken token, JsonWebKey key)
    {
        try
        {
            return VerifyingKey.Of(key).Verifies(token.Algorithm, token.SigningInput, token.Signature);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // The key is none: it signed nothing.
            return false;
        }
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
