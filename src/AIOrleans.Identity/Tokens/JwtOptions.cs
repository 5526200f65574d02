using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>Whose JSON Web Tokens identify callers and admins. Section <c>Jwt</c>. Without issuers there are no tokens.</summary>
public sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <summary>Issuers by a name of one's own, which usage and logs show.</summary>
    public Dictionary<string, JwtIssuerOptions> Issuers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Longest token that is read, in characters. Default 16384: Kestrel bounds all headers together at 32768.</summary>
    [Range(1024, 65_536)] public int TokenCharsMax { get; set; } = 16_384;

    /// <summary>How far the clocks of an issuer and of this process may be apart, in seconds. Default 30.</summary>
    [Range(0, 300)] public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>How often the keys of each issuer are read, in seconds. Default 300: so long a key counts that its issuer has withdrawn.</summary>
    [Range(5, 86_400)] public int KeysRefreshSeconds { get; set; } = 300;

    /// <summary>Shortest wait between two looks for keys that tokens name and nobody knows, in seconds. Default 10.</summary>
    [Range(1, 3600)] public int KeysRefreshSecondsMin { get; set; } = 10;

    /// <summary>How long the keys last read count while their issuer is away, in minutes. Default 1440.</summary>
    [Range(1, 10_080)] public int KeysAgeMinutesMax { get; set; } = 1440;

    /// <summary>Verified tokens that are remembered, so that their signatures are checked once. Default 10000.</summary>
    [Range(0, 1_000_000)] public int CachedTokensMax { get; set; } = 10_000;

    internal TimeSpan ClockSkew => TimeSpan.FromSeconds(ClockSkewSeconds);

    internal TimeSpan KeysRefresh => TimeSpan.FromSeconds(KeysRefreshSeconds);

    internal TimeSpan KeysRefreshMin => TimeSpan.FromSeconds(KeysRefreshSecondsMin);

    internal TimeSpan KeysAgeMax => TimeSpan.FromMinutes(KeysAgeMinutesMax);
}

[OptionsValidator]
internal sealed partial class JwtOptionsValidator : IValidateOptions<JwtOptions>;
