using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>Registers whose tokens count.</summary>
internal static class JwtRegistration
{
    /// <summary>A scheme that does not exist.</summary>
    private const string NoScheme = "none";

    /// <summary>Adds a scheme for each issuer of the section <c>Jwt</c>. Without issuers nothing of ASP.NET's authentication is there.</summary>
    public static void AddJwt(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(JwtOptions.Section);
        services.AddOptions<JwtOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwtOptions>, JwtIssuersValidator>());
        services.TryAddSingleton<TrustedIssuers>();
        services.TryAddSingleton<VerifiedTokens>();
        services.TryAddSingleton<TokenVerifier>();
        services.TryAddSingleton<TokenCallers>();
        string[] issuers = [.. section.GetSection(nameof(JwtOptions.Issuers)).GetChildren().Select(issuer => issuer.Key)];
        if (issuers.Length == 0)
        {
            return;
        }

        // Not AddAuthentication: it brings data protection, whose keys would be written and nothing protected by them. And no scheme is the default one,
        // which the pipeline would try on every request.
        services.AddAuthenticationCore(authentication => authentication.DefaultAuthenticateScheme = NoScheme);
        services.AddWebEncoders();
        services.TryAddSingleton<IAuthenticationConfigurationProvider, NoSchemeConfiguration>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, BearerSetup>());
        var authentication = new AuthenticationBuilder(services);
        foreach (string issuer in issuers)
        {
            authentication.AddJwtBearer(TrustedIssuer.SchemeOf(issuer), _ => { });
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeysPoll>());
    }
}
