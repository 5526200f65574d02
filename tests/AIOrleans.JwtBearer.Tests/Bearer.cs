using AIOrleans.Testing.Issuers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.JwtBearer.Tests;

/// <summary>One scheme of JwtBearer that trusts what it is told, asked as a request would ask it.</summary>
internal static class Bearer
{
    public const string Issuer = "https://issuer.example/";

    private const string Scheme = "test";

    /// <summary>Making one takes long; tests share it.</summary>
    public static SigningKey Rsa { get; } = SigningKey.Rsa();

    public static SigningKey Curve { get; } = SigningKey.Curve();

    /// <summary>A token that holds, but for what <paramref name="claims"/> change.</summary>
    public static string Payload(params (string Name, object? Value)[] claims) => TestIssuer.Payload(Issuer, claims);

    public static Task<AuthenticateResult> AskAsync(string token, params string[] keys) => AskAsync(token, _ => { }, keys);

    /// <param name="keys">JSON Web Keys; whatever a token calls its key, all of them are tried.</param>
    public static async Task<AuthenticateResult> AskAsync(string token, Action<TokenValidationParameters> change, params string[] keys)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddAuthentication().AddJwtBearer(Scheme, options =>
        {
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = received =>
                {
                    received.Token = token;
                    return Task.CompletedTask;
                },
            };
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ClockSkew = TimeSpan.FromSeconds(30),
                IssuerSigningKeyResolver = (_, _, _, _) => new JsonWebKeySet($$"""{"keys":[{{string.Join(',', keys)}}]}""").Keys,
                ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
                ValidAudiences = [TestIssuer.Audience],
                ValidIssuer = Issuer,
            };
            change(options.TokenValidationParameters);
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await new DefaultHttpContext { RequestServices = provider }.AuthenticateAsync(Scheme);
    }

    public static async Task AssertHoldsAsync(string token, params string[] keys)
    {
        AuthenticateResult result = await AskAsync(token, keys);
        Assert.Null(result.Failure);
        Assert.True(result.Succeeded);
    }

    /// <summary>Fails unless the token is refused with an exception of the kind, which never repeats the token.</summary>
    public static async Task AssertRefusedAsync<T>(string token, params string[] keys)
        where T : Exception
    {
        AuthenticateResult result = await AskAsync(token, keys);
        Assert.False(result.Succeeded);
        Assert.Null(result.Principal);
        T failure = Assert.IsAssignableFrom<T>(result.Failure);
        Assert.DoesNotContain(token.Split('.')[1], failure.ToString(), StringComparison.Ordinal);
    }
}
