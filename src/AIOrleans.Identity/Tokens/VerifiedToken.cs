using System.Text.Json;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;

namespace AIOrleans.Identity.Tokens;

/// <summary>What a token means that holds.</summary>
/// <param name="Keys">What it was verified with: it holds for as long as these are its issuer's keys.</param>
/// <param name="Subject">Whom it names; null where it names no caller, for the reason <paramref name="Mistake"/>.</param>
/// <param name="Admin">The admin that it names: <c>keycloak:jane</c>; null where it names none.</param>
internal sealed record VerifiedToken(
    TrustedIssuer Issuer, KeySet Keys, DateTimeOffset ExpiresAt, TokenSubject? Subject, string? Mistake, string? Admin)
{
    private volatile ResolvedCaller? resolved;

    /// <summary>The caller as last resolved; whoever resolves it anew puts it here for the next request.</summary>
    public ResolvedCaller? Resolved
    {
        get => resolved;
        set => resolved = value;
    }

    /// <summary>Reads the claims of a token whose signature holds.</summary>
    public static VerifiedToken Of(TrustedIssuer issuer, KeySet keys, DateTimeOffset expiresAt, JsonElement claims)
    {
        JwtIssuerOptions options = issuer.Options;
        string? user = ClaimText.One(claims, options.UserClaim);
        bool isAdmin = options.AdminClaim.Length > 0 && ClaimText.All(claims, options.AdminClaim).Contains(options.AdminValue);
        TokenSubject? subject = SubjectOf(issuer, expiresAt, claims, user, out string? mistake);
        return new VerifiedToken(issuer, keys, expiresAt, subject, mistake, isAdmin ? $"{issuer.Name}:{user ?? ClaimText.One(claims, "sub")}" : null);
    }

    private static TokenSubject? SubjectOf(TrustedIssuer issuer, DateTimeOffset expiresAt, JsonElement claims, string? user, out string? mistake)
    {
        JwtIssuerOptions options = issuer.Options;
        if (!options.NamesCallers)
        {
            mistake = "tokens of its issuer are for the management API only";
            return null;
        }

        string? tenant = options.Tenant.Length > 0 ? options.Tenant : ClaimText.One(claims, options.TenantClaim);
        string? org = options.Org.Length > 0 ? options.Org : ClaimText.One(claims, options.OrgClaim);
        IReadOnlyList<string>? teams = options.TeamClaim.Length > 0 ? ClaimText.All(claims, options.TeamClaim) : null;
        string? app = options.AppClaim.Length > 0 ? ClaimText.One(claims, options.AppClaim) : null;
        string? missing = tenant is null ? options.TenantClaim
            : org is null ? options.OrgClaim
            : user is null ? options.UserClaim
            : options.AppClaim.Length > 0 && app is null ? options.AppClaim
            : null;
        mistake = missing is null ? null : $"it has no text as its claim '{missing}'";

        // ! Each of them would be missing.
        return missing is null ? new TokenSubject(issuer.Name, tenant!, org!, user!, teams, app, expiresAt) : null;
    }
}

/// <summary>Who a token's subject is, by one state of the directory.</summary>
internal sealed record ResolvedCaller(DirectorySnapshot Directory, Identification Identification);
