using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>Everything that one configuration file declares, validated as a whole. Secrets of keys and admins are hashes already.</summary>
public sealed record ConfigDeclaration(
    IReadOnlyList<ProviderConfig> Providers,
    IReadOnlyList<ModelConfig> Models,
    IReadOnlyList<TenantConfig> Tenants,
    IReadOnlyList<OrgConfig> Orgs,
    IReadOnlyList<TeamConfig> Teams,
    IReadOnlyList<UserConfig> Users,
    IReadOnlyList<AppConfig> Apps,
    IReadOnlyList<KeyConfig> Keys,
    IReadOnlyList<AdminConfig> Admins)
{
    /// <summary>Environment variables that the file names: their values belong to what it says.</summary>
    public IReadOnlyCollection<string> Variables { get; init; } = [];

    /// <summary>All of them, parents before children.</summary>
    public IEnumerable<DirectoryEntry> Entries => [.. Providers, .. Models, .. Tenants, .. Orgs, .. Teams, .. Apps, .. Users, .. Keys, .. Admins];
}

/// <summary>What reading a configuration gives.</summary>
public abstract record ConfigResult
{
    private ConfigResult()
    {
    }

    public sealed record Accepted(ConfigDeclaration Config) : ConfigResult;

    /// <param name="Mistakes">Every one of them, at least one; nothing of the file may be used.</param>
    public sealed record Refused(IReadOnlyList<ConfigMistake> Mistakes) : ConfigResult;
}
