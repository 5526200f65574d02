namespace Microsoft.IdentityModel.Tokens;

/// <summary>A token.</summary>
public abstract class SecurityToken
{
    public abstract string Issuer { get; }

    /// <summary><c>nbf</c> in UTC; the least instant where there is none.</summary>
    public abstract DateTime ValidFrom { get; }

    /// <summary><c>exp</c>, likewise.</summary>
    public abstract DateTime ValidTo { get; }
}
