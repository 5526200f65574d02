namespace AIOrleans.Identity.Tokens;

/// <summary>One issuer: where its keys are, which of its tokens count, and whom they name.</summary>
public sealed class JwtIssuerOptions
{
    /// <summary>Address of an OpenID provider. It is also the issuer that tokens must name, unless <see cref="Issuer"/> says another.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Where its metadata is. Default: <see cref="Authority"/> and <c>/.well-known/openid-configuration</c>.</summary>
    public string MetadataAddress { get; set; } = "";

    /// <summary>A file with a JSON Web Key Set, instead of both addresses.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>What <c>iss</c> must be, to the letter. Default <see cref="Authority"/>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What <c>aud</c> must have; several by comma: one of them.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Algorithms of signatures, by comma. Default: all that are allowed at all.</summary>
    public string Algorithms { get; set; } = string.Join(',', TokenAlgorithms.All);

    /// <summary>False lets the metadata and the keys be read from this machine without TLS. Default true.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>The tenant of all users of the issuer.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The claim that names the tenant, instead: such an issuer is trusted with every tenant.</summary>
    public string TenantClaim { get; set; } = "";

    /// <summary>The org of all its users.</summary>
    public string Org { get; set; } = "";

    /// <summary>The claim that names the org, instead.</summary>
    public string OrgClaim { get; set; } = "";

    /// <summary>The claim that names the user. Default <c>sub</c>.</summary>
    public string UserClaim { get; set; } = "sub";

    /// <summary>The claim that names the team to charge; every token must have it then.</summary>
    public string TeamClaim { get; set; } = "";

    /// <summary>The claim that names the app to charge, likewise.</summary>
    public string AppClaim { get; set; } = "";

    /// <summary>The claim that makes its bearer an admin when it has <see cref="AdminValue"/>.</summary>
    public string AdminClaim { get; set; } = "";

    public string AdminValue { get; set; } = "";

    internal bool NamesCallers => Tenant.Length > 0 || TenantClaim.Length > 0 || Org.Length > 0 || OrgClaim.Length > 0;

    /// <summary>The issuer's own name for itself.</summary>
    internal string IssuerName => Issuer.Length > 0 ? Issuer : Authority;

    // Source: OpenID Connect Discovery 1.0 §4.
    internal string MetadataUrl => MetadataAddress.Length > 0 ? MetadataAddress : Authority.TrimEnd('/') + "/.well-known/openid-configuration";

    internal string[] AudienceList => List(Audience);

    internal string[] AlgorithmList => List(Algorithms);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
