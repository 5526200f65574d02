namespace Microsoft.IdentityModel.Tokens;

/// <summary>A key that signatures are verified with.</summary>
public abstract class SecurityKey
{
    /// <summary>In bits.</summary>
    public abstract int KeySize { get; }

    public virtual string? KeyId { get; set; }
}
