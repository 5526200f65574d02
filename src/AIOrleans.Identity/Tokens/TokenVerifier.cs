using AIOrleans.Core.Denials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.Identity.Tokens;

/// <summary>Tells whether a token holds, and what it means. Memory only, unless it names a key of a trusted issuer that is not known yet.</summary>
/// <remarks>Thread-safe. Tokens of unknown issuers cost neither a signature nor a look into the network.</remarks>
internal sealed class TokenVerifier(TrustedIssuers issuers, VerifiedTokens verified, IOptions<JwtOptions> options, TimeProvider time)
{
    /// <summary>As long as strangers keep an issuer from being asked again, roughly.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly JwtOptions options = options.Value;

    public bool HasIssuers { get; } = issuers.All.Count > 0;

    public bool HasExpired(DateTimeOffset expiresAt) => expiresAt + options.ClockSkew <= time.GetUtcNow();

    /// <summary>What the token of <paramref name="http"/> means, or why it does not hold: exactly one of both is null.</summary>
    public async ValueTask<(VerifiedToken? Holding, Denial? Denied)> VerifyAsync(HttpContext http, string token)
    {
        if (token.Length > options.TokenCharsMax)
        {
            return Malformed($"it is longer than {options.TokenCharsMax} characters");
        }

        TokenHash hash = VerifiedTokens.HashOf(token);
        if (verified.Find(hash) is { } known)
        {
            // Else its issuer has other keys by now, perhaps without the one that signed it.
            if (ReferenceEquals(known.Issuer.Keys.Current, known.Keys))
            {
                return HasExpired(known.ExpiresAt) ? Refused(TokenFault.Expired) : (known, null);
            }

            verified.Forget(hash);
        }

        (VerifiedToken? holding, Denial? denial) = await VerifyNewAsync(http, token);
        if (holding is not null)
        {
            verified.Keep(hash, holding);
        }

        return (holding, denial);
    }

    private async ValueTask<(VerifiedToken? Holding, Denial? Denied)> VerifyNewAsync(HttpContext http, string token)
    {
        if (UnverifiedToken.TryRead(token, out string? mistake) is not { } read)
        {
            return Malformed(mistake);
        }

        if (issuers.Find(read.Issuer) is not { } issuer)
        {
            return Refused(TokenFault.IssuerUnknown);
        }

        if (!issuer.Options.AlgorithmList.Contains(read.Algorithm))
        {
            return Refused(TokenFault.AlgorithmRefused);
        }

        if (await issuer.Keys.WithKeysOfAsync(read, http.RequestAborted) is not { } keys)
        {
            return (null, new Denial.IssuerUnavailable(RetryAfter));
        }

        if (keys.For(read).Count == 0)
        {
            return Refused(TokenFault.KeyUnknown);
        }

        AuthenticateResult result = await http.AuthenticateAsync(issuer.Scheme);
        return result is { Succeeded: true, Properties.ExpiresUtc: { } expiresAt } && !HasExpired(expiresAt)
            ? (VerifiedToken.Of(issuer, keys, expiresAt, read.Claims), null)
            : Refused(result.Failure);
    }

    private static (VerifiedToken? Holding, Denial? Denied) Refused(Exception? failure) => failure switch
    {
        null or SecurityTokenExpiredException => Refused(TokenFault.Expired),
        SecurityTokenNotYetValidException => Refused(TokenFault.NotYetValid),
        SecurityTokenInvalidAudienceException => Refused(TokenFault.AudienceWrong),
        SecurityTokenInvalidIssuerException => Refused(TokenFault.IssuerUnknown),
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => Refused(TokenFault.SignatureInvalid),
        SecurityTokenNoExpirationException => Malformed("it never expires (exp)"),
        _ => Malformed("one of its claims is not as it must be"),
    };

    private static (VerifiedToken? Holding, Denial? Denied) Refused(TokenFault fault) => (null, new Denial.TokenRefused(fault));

    private static (VerifiedToken? Holding, Denial? Denied) Malformed(string? detail) => (null, new Denial.TokenRefused(TokenFault.Malformed) { Detail = detail });
}
