namespace Microsoft.IdentityModel.Tokens;

/// <summary>Finds the keys that may have signed a token.</summary>
/// <param name="kid">What its header calls the key; null where it does not.</param>
public delegate IEnumerable<SecurityKey> IssuerSigningKeyResolver(string token, SecurityToken securityToken, string? kid, TokenValidationParameters validationParameters);

/// <summary>What a token must be like. It must be signed, and have <c>exp</c>, <c>aud</c> and <c>iss</c>.</summary>
public class TokenValidationParameters
{
    /// <summary>How far the issuer's clock and this one may be apart.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>True in the package, where <c>aud</c> may differ by a slash at its end. Here it never may.</summary>
    public bool IgnoreTrailingSlashWhenValidatingAudience { get; set; } = true;

    public IssuerSigningKeyResolver? IssuerSigningKeyResolver { get; set; }

    /// <summary>Algorithms of signatures; null: those that this package knows, all of them asymmetric.</summary>
    public IEnumerable<string>? ValidAlgorithms { get; set; }

    /// <summary>One of them must be in <c>aud</c>.</summary>
    public IEnumerable<string>? ValidAudiences { get; set; }

    public string? ValidIssuer { get; set; }
}
