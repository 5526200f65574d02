using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>As in Microsoft.AspNetCore.Authentication.JwtBearer, without fetching keys: <see cref="TokenValidationParameters.IssuerSigningKeyResolver"/> has them.</summary>
public class JwtBearerOptions : AuthenticationSchemeOptions
{
    public JwtBearerOptions() => Events = new JwtBearerEvents();

    public new JwtBearerEvents Events
    {
        get => (JwtBearerEvents)base.Events!; // ! Set by the constructor, and by nobody to null.
        set => base.Events = value;
    }

    /// <summary>What a token must be like.</summary>
    public TokenValidationParameters TokenValidationParameters { get; set; } = new();
}
