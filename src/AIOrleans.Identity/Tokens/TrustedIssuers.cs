using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>One issuer, and its keys.</summary>
/// <param name="Name">What the configuration calls it.</param>
internal sealed record TrustedIssuer(string Name, JwtIssuerOptions Options, IssuerKeys Keys)
{
    /// <summary>The scheme that verifies its tokens.</summary>
    public string Scheme => SchemeOf(Name);

    public static string SchemeOf(string name) => "jwt:" + name;
}

/// <summary>Every issuer whose tokens count, by what the tokens call it.</summary>
internal sealed class TrustedIssuers : IDisposable
{
    private readonly KeyDocuments documents = new();
    private readonly FrozenDictionary<string, TrustedIssuer> byIssuer;
    private readonly FrozenDictionary<string, TrustedIssuer> byScheme;

    public TrustedIssuers(IOptions<JwtOptions> options, TimeProvider time, ILogger<TrustedIssuers> logger)
    {
        TrustedIssuer[] all =
        [
            .. options.Value.Issuers.Select(pair => new TrustedIssuer(
                pair.Key, pair.Value, new IssuerKeys(pair.Key, cancellationToken => documents.ReadAsync(pair.Value, cancellationToken), options.Value, time, logger))),
        ];
        byIssuer = all.ToFrozenDictionary(issuer => issuer.Options.IssuerName, StringComparer.Ordinal);
        byScheme = all.ToFrozenDictionary(issuer => issuer.Scheme, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<TrustedIssuer> All => byIssuer.Values;

    public TrustedIssuer? Find(string issuer) => byIssuer.GetValueOrDefault(issuer);

    public TrustedIssuer? OfScheme(string? scheme) => scheme is null ? null : byScheme.GetValueOrDefault(scheme);

    public void Dispose() => documents.Dispose();
}
