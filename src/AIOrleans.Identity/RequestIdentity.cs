using AIOrleans.Core.Callers;
using AIOrleans.Identity.Tokens;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Identity;

/// <summary>Finds out who is calling from whatever a request presents: a key, or a JSON Web Token of a trusted issuer.</summary>
/// <remarks>Thread-safe. Keys take the way through memory alone, whether there are issuers or not.</remarks>
public sealed class RequestIdentity
{
    private readonly CallerDirectory keys;
    private readonly TokenCallers tokens;

    internal RequestIdentity(CallerDirectory keys, TokenCallers tokens)
    {
        this.keys = keys;
        this.tokens = tokens;
    }

    public ValueTask<Identification> IdentifyAsync(HttpContext http)
    {
        string? presented = PresentedKey.Of(http.Request);
        return presented is not null && tokens.Takes(presented) ? tokens.IdentifyAsync(http, presented) : new(keys.Identify(presented));
    }

    /// <summary>Who <paramref name="caller"/> is by now: the same credential may be refused since.</summary>
    public Identification IdentifyAgain(Caller caller) => caller switch
    {
        { Key: { } key } => keys.IdentifyAgain(key),
        { Token: { } token } => tokens.IdentifyAgain(token),
        _ => throw new ArgumentException("A caller has a key or a token.", nameof(caller)),
    };

    public ValueTask<AdminIdentification> IdentifyAdminAsync(HttpContext http)
    {
        string? presented = PresentedKey.Of(http.Request);
        return presented is not null && tokens.Takes(presented) ? tokens.IdentifyAdminAsync(http, presented) : new(keys.IdentifyAdmin(presented));
    }
}
