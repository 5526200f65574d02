using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>A declaration while its file is read; entries of a file with mistakes may be nonsense and are thrown away with it.</summary>
internal sealed class DeclarationDraft
{
    public DeclaredIds ProviderNames { get; } = new("provider");

    public DeclaredIds ModelNames { get; } = new("model");

    public List<ProviderConfig> Providers { get; } = [];

    public List<ModelConfig> Models { get; } = [];

    public List<TenantConfig> Tenants { get; } = [];

    public List<OrgConfig> Orgs { get; } = [];

    public List<TeamConfig> Teams { get; } = [];

    public List<UserConfig> Users { get; } = [];

    public List<AppConfig> Apps { get; } = [];

    public List<KeyConfig> Keys { get; } = [];

    public List<AdminConfig> Admins { get; } = [];

    public ConfigDeclaration ToDeclaration() => new(Providers, Models, Tenants, Orgs, Teams, Users, Apps, Keys, Admins);
}
