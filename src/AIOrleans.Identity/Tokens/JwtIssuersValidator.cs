using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>Lists every mistake of every issuer at once.</summary>
internal sealed class JwtIssuersValidator : IValidateOptions<JwtOptions>
{
    private const int NameCharsMax = 64;

    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        List<string> mistakes = [];
        foreach ((string id, JwtIssuerOptions issuer) in options.Issuers)
        {
            string at = $"{JwtOptions.Section}:Issuers:{id}";
            if (id.Length > NameCharsMax || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            {
                mistakes.Add($"{at}: the name of an issuer has small letters, digits and '-' only, at most {NameCharsMax}.");
            }

            mistakes.AddRange(OfKeys(issuer).Concat(OfTokens(issuer)).Concat(OfNames(issuer)).Select(mistake => $"{at}:{mistake}"));
        }

        mistakes.AddRange(options.Issuers.GroupBy(pair => pair.Value.IssuerName, StringComparer.Ordinal).Where(same => same.Key.Length > 0 && same.Count() > 1)
            .Select(same => $"{JwtOptions.Section}:Issuers: {string.Join(" and ", same.Select(pair => pair.Key))} are the same issuer. Make one of them."));
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> OfKeys(JwtIssuerOptions issuer)
    {
        bool hasAddress = issuer.Authority.Length > 0 || issuer.MetadataAddress.Length > 0;
        if (hasAddress == (issuer.KeysFile.Length > 0))
        {
            yield return "Authority is missing, or too much: an issuer has an Authority, a MetadataAddress, or a KeysFile instead.";
        }

        if (issuer.IssuerName.Length == 0)
        {
            yield return "Issuer is missing: say what 'iss' of its tokens is.";
        }

        if (hasAddress && !(Uri.TryCreate(issuer.MetadataUrl, UriKind.Absolute, out Uri? url) && KeyDocuments.MayRead(url, issuer.RequireHttpsMetadata)))
        {
            yield return "Authority or MetadataAddress must be an https address; http is read from this machine only, with RequireHttpsMetadata=false.";
        }
    }

    private static IEnumerable<string> OfTokens(JwtIssuerOptions issuer)
    {
        if (issuer.AudienceList.Length == 0)
        {
            yield return "Audience is missing: tokens that the issuer made for other services would be let in.";
        }

        string[] algorithms = issuer.AlgorithmList;
        if (algorithms.Length == 0 || algorithms.Except(TokenAlgorithms.All, StringComparer.Ordinal).Any())
        {
            yield return $"Algorithms is '{issuer.Algorithms}'; it must be some of {string.Join(", ", TokenAlgorithms.All)}.";
        }
    }

    private static IEnumerable<string> OfNames(JwtIssuerOptions issuer)
    {
        bool hasAdmin = issuer.AdminClaim.Length > 0;
        if (hasAdmin != (issuer.AdminValue.Length > 0))
        {
            yield return "AdminClaim and AdminValue go together.";
        }

        if (!issuer.NamesCallers && !hasAdmin)
        {
            yield return "Tenant is missing: name the tenant and the org of its users, or an AdminClaim.";
        }

        if (issuer.NamesCallers && (issuer.Tenant.Length > 0) == (issuer.TenantClaim.Length > 0))
        {
            yield return "Tenant or TenantClaim: one of them must be set.";
        }

        if (issuer.NamesCallers && (issuer.Org.Length > 0) == (issuer.OrgClaim.Length > 0))
        {
            yield return "Org or OrgClaim: one of them must be set.";
        }

        if (issuer.UserClaim.Length == 0)
        {
            yield return "UserClaim must not be empty.";
        }
    }
}
