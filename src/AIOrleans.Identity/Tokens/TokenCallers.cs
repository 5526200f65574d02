using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Identity.Tokens;

/// <summary>Finds out who is calling from a JSON Web Token: what it says, as the directory knows it now.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TokenCallers(TokenVerifier verifier, IDirectory directory)
{
    /// <summary>Whether <paramref name="presented"/> is to be taken for a token, and not for a key.</summary>
    public bool Takes(string presented) => verifier.HasIssuers && UnverifiedToken.IsToken(presented);

    public async ValueTask<Identification> IdentifyAsync(HttpContext http, string token) => await verifier.VerifyAsync(http, token) switch
    {
        ({ } holding, _) => Resolve(holding),
        (_, { } denial) => new Identification.TokenDenied(denial),
        _ => throw new InvalidOperationException("A token holds or is denied."),
    };

    /// <summary>Who the caller of a token is by now.</summary>
    public Identification IdentifyAgain(TokenSubject subject) =>
        verifier.HasExpired(subject.ExpiresAt) ? new Identification.TokenDenied(new Denial.TokenRefused(TokenFault.Expired)) : Resolve(subject, directory.Current);

    public async ValueTask<AdminIdentification> IdentifyAdminAsync(HttpContext http, string token) => await verifier.VerifyAsync(http, token) switch
    {
        ({ Admin: { } admin }, _) => new AdminIdentification.Identified(admin),
        (_, { } denial) => new AdminIdentification.TokenDenied(denial),
        _ => new AdminIdentification.TokenDenied(Unmapped("it is no administrator's")),
    };

    private Identification Resolve(VerifiedToken token)
    {
        DirectorySnapshot now = directory.Current;
        if (token.Resolved is { } last && ReferenceEquals(last.Directory, now))
        {
            return last.Identification;
        }

        Identification identification = token.Subject is { } subject ? Resolve(subject, now) : new Identification.TokenDenied(Unmapped(token.Mistake));
        token.Resolved = new ResolvedCaller(now, identification);
        return identification;
    }

    private static Identification Resolve(TokenSubject subject, DirectorySnapshot now) => subject.Resolve(now, out string? mistake) is { } caller
        ? new Identification.Identified(caller)
        : new Identification.TokenDenied(Unmapped(mistake));

    private static Denial.TokenRefused Unmapped(string? detail) => new(TokenFault.Unmapped) { Detail = detail };
}
