using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Testing.Issuers;

/// <summary>An OpenID provider on a loopback socket: metadata, keys that rotate, and absences. Thread-safe.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "aiorleans";

    private readonly WebApplication app;
    private volatile SigningKey[] keys;
    private int reads;

    private TestIssuer(WebApplication app, SigningKey[] keys)
    {
        this.app = app;
        this.keys = keys;
    }

    /// <summary>Its name, and the address of its metadata without the well-known path.</summary>
    public string Url => app.Urls.First();

    /// <summary>How often its keys were read.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>True lets every connection break.</summary>
    public bool IsAway { get; set; }

    /// <summary>What it answers instead of its keys; null: its keys.</summary>
    public string? Nonsense { get; set; }

    /// <summary>What its metadata calls it; null: <see cref="Url"/>.</summary>
    public string? OtherName { get; set; }

    public static async Task<TestIssuer> StartAsync(params SigningKey[] keys)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        TestIssuer issuer = new(builder.Build(), keys);
        issuer.app.Run(issuer.ServeAsync);
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>From now on it publishes these keys only.</summary>
    public void Publish(params SigningKey[] next) => keys = next;

    /// <summary>A token for <c>dev</c> of the next ten minutes.</summary>
    /// <param name="claims">More claims, or others; null leaves one out.</param>
    public string Token(SigningKey? key = null, params (string Name, object? Value)[] claims) => (key ?? keys[0]).Token(Payload(Url, claims));

    public static string Payload(string issuer, params (string Name, object? Value)[] claims)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = issuer, ["aud"] = Audience, ["sub"] = "dev", ["iat"] = now, ["exp"] = now + 600,
        };
        foreach ((string name, object? value) in claims)
        {
            payload[name] = value;
        }

        return JsonSerializer.Serialize(payload.Where(claim => claim.Value is not null).ToDictionary());
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        if (IsAway)
        {
            http.Abort();
            return;
        }

        http.Response.ContentType = "application/json";
        if (http.Request.Path == "/.well-known/openid-configuration")
        {
            await http.Response.WriteAsJsonAsync(new { issuer = OtherName ?? Url, jwks_uri = Url + "/keys" });
            return;
        }

        Interlocked.Increment(ref reads);
        await http.Response.WriteAsync(Nonsense ?? $$"""{"keys":[{{string.Join(',', keys.Select(key => key.Jwk()))}}]}""");
    }
}
