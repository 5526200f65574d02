using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Directory;

/// <summary>What the grain of one account needs of the configuration.</summary>
/// <param name="TimeZone">IANA zone of its tenant.</param>
public sealed record AccountConfig(AccountId Account, LimitsConfig Limits, string TimeZone);

/// <summary>All configuration at one revision. Immutable; lookups never touch I/O.</summary>
/// <remarks>Built on persistent maps, so that one changed record of a million costs microseconds.</remarks>
public sealed record DirectorySnapshot
{
    public static DirectorySnapshot Empty { get; } = new();

    /// <summary>The store's revision that this snapshot shows.</summary>
    public long Revision { get; init; }

    public ImmutableDictionary<string, TenantConfig> Tenants { get; init; } = ImmutableDictionary<string, TenantConfig>.Empty;

    /// <summary>By <c>acme.eng</c>; likewise the next four by <c>acme.eng.core</c>. Names are escaped as in account ids.</summary>
    public ImmutableDictionary<string, OrgConfig> Orgs { get; init; } = ImmutableDictionary<string, OrgConfig>.Empty;

    public ImmutableDictionary<string, TeamConfig> Teams { get; init; } = ImmutableDictionary<string, TeamConfig>.Empty;

    public ImmutableDictionary<string, UserConfig> Users { get; init; } = ImmutableDictionary<string, UserConfig>.Empty;

    public ImmutableDictionary<string, AppConfig> Apps { get; init; } = ImmutableDictionary<string, AppConfig>.Empty;

    public ImmutableDictionary<string, KeyConfig> Keys { get; init; } = ImmutableDictionary<string, KeyConfig>.Empty;

    public ImmutableDictionary<string, ProviderConfig> Providers { get; init; } = ImmutableDictionary<string, ProviderConfig>.Empty;

    public ImmutableDictionary<string, ModelConfig> Models { get; init; } = ImmutableDictionary<string, ModelConfig>.Empty;

    public ImmutableDictionary<string, AdminConfig> Admins { get; init; } = ImmutableDictionary<string, AdminConfig>.Empty;

    /// <summary>Callers by the hash of their key's secret; revoked and expired keys are in it, so that they can be told apart.</summary>
    public ImmutableDictionary<string, Caller> CallersByHash { get; init; } = ImmutableDictionary<string, Caller>.Empty;

    /// <summary>Admin ids by the hash of their secret.</summary>
    public ImmutableDictionary<string, string> AdminsByHash { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Stored records that could not be read (damaged, or sealed under another master key) and why, by <c>Provider:openai</c>. They count as absent.</summary>
    public ImmutableDictionary<string, string> Unreadable { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Which callers a changed record concerns.</summary>
    internal CallerIndex Index { get; init; } = CallerIndex.Empty;

    /// <summary>Limits and calendar of an account; null when no such record exists. A model account exists in every org.</summary>
    public AccountConfig? FindAccount(AccountId account)
    {
        string path = account.Path;
        string tenantId = account.Tenant;
        if (!Tenants.TryGetValue(tenantId, out TenantConfig? tenant))
        {
            return null;
        }

        LimitsConfig? limits = account.Kind switch
        {
            AccountKind.Tenant => tenant.Limits,
            AccountKind.Org => Orgs.GetValueOrDefault(path)?.Limits,
            AccountKind.Team => Teams.GetValueOrDefault(path)?.Limits,
            AccountKind.User => Users.GetValueOrDefault(path)?.Limits,
            AccountKind.Key => Keys.GetValueOrDefault(path)?.Limits,
            AccountKind.App => Apps.GetValueOrDefault(path)?.Limits,
            AccountKind.Model => LimitsOfModel(path),
            _ => null,
        };
        return limits is null ? null : new AccountConfig(account, limits, tenant.TimeZone);
    }

    /// <summary>True when some limit follows the load of the silos. Looks at every account.</summary>
    public bool HasAdaptiveLimits() =>
        Tenants.Values.Any(tenant => tenant.Limits.Adaptive)
        || Orgs.Values.Any(org => org.Limits.Adaptive || org.Models.Values.Any(limits => limits.Adaptive))
        || Teams.Values.Any(team => team.Limits.Adaptive)
        || Apps.Values.Any(app => app.Limits.Adaptive)
        || Users.Values.Any(user => user.Limits.Adaptive)
        || Keys.Values.Any(key => key.Limits.Adaptive);

    private LimitsConfig? LimitsOfModel(string path)
    {
        int lastDot = path.LastIndexOf('.');
        if (!Orgs.TryGetValue(path[..lastDot], out OrgConfig? org))
        {
            return null;
        }

        string model = Uri.UnescapeDataString(path[(lastDot + 1)..]);
        return org.Models.GetValueOrDefault(model) ?? LimitsConfig.None;
    }
}
