using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Directory;

/// <summary>What the grain of one account needs of the configuration.</summary>
/// <param name="TimeZone">IANA zone of its tenant.</param>
public sealed record AccountConfig(AccountId Account, LimitsConfig Limits, string TimeZone);

/// <summary>All configuration at one revision. Immutable; lookups never touch I/O.</summary>
/// <remarks>What was loaded lies as text in large arrays, and changes on top of it in persistent maps: one changed record of a million costs microseconds.</remarks>
public sealed record DirectorySnapshot
{
    public static DirectorySnapshot Empty { get; } = new();

    /// <summary>The store's revision that this snapshot shows.</summary>
    public long Revision { get; init; }

    public RecordMap<TenantConfig> Tenants { get; init; } = RecordMap<TenantConfig>.Empty;

    /// <summary>By <c>acme.eng</c>; likewise the next four by <c>acme.eng.core</c>. Names are escaped as in account ids.</summary>
    public RecordMap<OrgConfig> Orgs { get; init; } = RecordMap<OrgConfig>.Empty;

    public RecordMap<TeamConfig> Teams { get; init; } = RecordMap<TeamConfig>.Empty;

    public RecordMap<UserConfig> Users { get; init; } = RecordMap<UserConfig>.Empty;

    public RecordMap<AppConfig> Apps { get; init; } = RecordMap<AppConfig>.Empty;

    public RecordMap<KeyConfig> Keys { get; init; } = RecordMap<KeyConfig>.Empty;

    public ImmutableDictionary<string, ProviderConfig> Providers { get; init; } = ImmutableDictionary<string, ProviderConfig>.Empty;

    public ImmutableDictionary<string, ModelConfig> Models { get; init; } = ImmutableDictionary<string, ModelConfig>.Empty;

    public ImmutableDictionary<string, AdminConfig> Admins { get; init; } = ImmutableDictionary<string, AdminConfig>.Empty;

    /// <summary>Callers by the hash of their key's secret; revoked and expired keys are in it, so that they can be told apart.</summary>
    public CallerMap CallersByHash => new(this);

    /// <summary>Admin ids by the hash of their secret.</summary>
    public ImmutableDictionary<string, string> AdminsByHash { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Stored records that could not be read (damaged, or sealed under another master key) and why, by <c>Provider:openai</c>. They count as absent.</summary>
    /// <remarks>Accounts that were loaded are in it once somebody has tried to read them: <see cref="CheckLoaded"/> does.</remarks>
    public IReadOnlyDictionary<string, string> Unreadable
    {
        get
        {
            KeyValuePair<string, string>[] loaded =
                [.. UnreadableOf(Tenants), .. UnreadableOf(Orgs), .. UnreadableOf(Teams), .. UnreadableOf(Users), .. UnreadableOf(Apps), .. UnreadableOf(Keys)];
            return loaded.Length == 0 ? UnreadableChanges : UnreadableChanges.SetItems(loaded);
        }
    }

    /// <summary>Of records that were put one by one.</summary>
    internal ImmutableDictionary<string, string> UnreadableChanges { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Which key has which secret.</summary>
    internal SecretIndex Secrets { get; init; } = SecretIndex.Empty;

    /// <summary>Another object once an account came, went, or allows something else: callers resolved before are to be resolved anew.</summary>
    internal object Access { get; init; } = new();

    /// <summary>Reads every account that was loaded, one for each step, so that <see cref="Unreadable"/> is complete at the end. Keeps nothing else.</summary>
    public IEnumerable<bool> CheckLoaded() =>
        new[] { Tenants.Loaded, Orgs.Loaded, Teams.Loaded, Users.Loaded, Apps.Loaded, Keys.Loaded }
            .SelectMany(table => Enumerable.Range(0, table.Count).Select(row => table.Peek(row) is not null));

    /// <summary>True when both rest on the same loading of the store.</summary>
    public bool IsLoadedWith(DirectorySnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(Secrets.Loaded, other.Secrets.Loaded);
    }

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

    /// <summary>True when some limit follows the load of the silos. Looks at the text of every account.</summary>
    public bool HasAdaptiveLimits() =>
        Tenants.AnyAdaptive(tenant => tenant.Limits.Adaptive)
        || Orgs.AnyAdaptive(org => org.Limits.Adaptive || org.Models.Values.Any(limits => limits.Adaptive))
        || Teams.AnyAdaptive(team => team.Limits.Adaptive)
        || Apps.AnyAdaptive(app => app.Limits.Adaptive)
        || Users.AnyAdaptive(user => user.Limits.Adaptive)
        || Keys.AnyAdaptive(key => key.Limits.Adaptive);

    private static IEnumerable<KeyValuePair<string, string>> UnreadableOf<T>(RecordMap<T> map)
        where T : AccountEntry =>
        map.Loaded.Unreadable.Where(record => !map.HasChanged(record.Key))
            .Select(record => new KeyValuePair<string, string>(SnapshotDraft.NameOf(map.Loaded.Kind, record.Key), record.Value));

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
