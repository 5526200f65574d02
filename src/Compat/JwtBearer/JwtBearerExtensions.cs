using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>As in Microsoft.AspNetCore.Authentication.JwtBearer, for registries that lack it: signatures and claims of tokens, checked by .NET's own cryptography.</summary>
public static class JwtBearerExtensions
{
    /// <summary>Adds a scheme that authenticates by JSON Web Tokens.</summary>
    public static AuthenticationBuilder AddJwtBearer(this AuthenticationBuilder builder, string authenticationScheme, Action<JwtBearerOptions> configureOptions) =>
        builder.AddScheme<JwtBearerOptions, JwtBearerHandler>(authenticationScheme, configureOptions);
}
