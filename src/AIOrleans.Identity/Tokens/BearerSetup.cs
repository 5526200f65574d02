using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.Identity.Tokens;

/// <summary>Tells the scheme of each issuer what its tokens must be like, and which keys there are.</summary>
internal sealed class BearerSetup(TrustedIssuers issuers, IOptions<JwtOptions> options) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(string? name, JwtBearerOptions bearer)
    {
        if (issuers.OfScheme(name) is not { } issuer)
        {
            return;
        }

        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = received =>
            {
                received.Token = PresentedKey.Of(received.Request);
                return Task.CompletedTask;
            },
        };
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ClockSkew = options.Value.ClockSkew,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeyResolver = (token, _, _, _) => KeysOf(issuer, token),
            ValidAlgorithms = issuer.Options.AlgorithmList,
            ValidAudiences = issuer.Options.AudienceList,
            ValidIssuer = issuer.Options.IssuerName,
        };
    }

    public void Configure(JwtBearerOptions bearer) => Configure(Options.DefaultName, bearer);

    private static IReadOnlyList<JsonWebKey> KeysOf(TrustedIssuer issuer, string token) =>
        UnverifiedToken.TryRead(token, out _) is { } read && issuer.Keys.Current is { } keys ? keys.For(read) : [];
}

/// <summary>Nothing but the section <c>Jwt</c> says whom to trust: JwtBearer would read <c>Authentication:Schemes</c> as well.</summary>
internal sealed class NoSchemeConfiguration : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}
