using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Cluster.Tests.Accounting;

/// <summary>A tenant with a strict budget, and the path of its calls.</summary>
/// <param name="AmountNano">Nano-dollars a month.</param>
public sealed record TenantBudget(string Name, long AmountNano)
{
    /// <summary>Ten calls.</summary>
    public static TenantBudget Small { get; } = new("acme", 10 * Buyer.CostNano);

    /// <summary>As many calls as two silos need some seconds for.</summary>
    public static TenantBudget Large { get; } = new("globex", 2_000 * Buyer.CostNano);

    /// <summary>One percent of it are thirty calls: enough for slices on three silos.</summary>
    public static TenantBudget Hot { get; } = new("initech", 3_000 * Buyer.CostNano);

    /// <summary>More than a measurement can buy.</summary>
    public static TenantBudget Endless { get; } = new("umbrella", 1_000_000_000 * Buyer.CostNano);

    internal static IReadOnlyList<TenantBudget> All { get; } = [Small, Large, Hot, Endless];

    public AccountId Tenant => AccountId.Of(AccountKind.Tenant, Name);

    /// <summary>As of a call of one key, tenant first.</summary>
    public ImmutableArray<AccountId> Path =>
    [
        Tenant, AccountId.Of(AccountKind.Org, Name, "eng"), AccountId.Of(AccountKind.Team, Name, "eng", "core"), AccountId.Of(AccountKind.User, Name, "eng", "dev"),
        AccountId.Of(AccountKind.Key, Name, "eng", "k1"), AccountId.Of(AccountKind.Model, Name, "eng", "gpt"),
    ];

    public static TenantBudget Of(string name) => All.Single(budget => budget.Name == name);

    internal TenantConfig Config => new(
        Name, "UTC", new LimitsConfig { Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, AmountNano)] }, AccessConfig.Default);
}

/// <summary>All tenants, each with an org without limits: the same in every silo process.</summary>
internal sealed class AllTenants : IDirectory
{
    public DirectorySnapshot Current { get; } = DirectorySnapshot.Empty with
    {
        Tenants = RecordMap<TenantConfig>.Empty.AddRange(TenantBudget.All.Select(tenant => KeyValuePair.Create(tenant.Name, tenant.Config))),
        Orgs = RecordMap<OrgConfig>.Empty.AddRange(TenantBudget.All.Select(tenant => KeyValuePair.Create(
            $"{tenant.Name}.eng", new OrgConfig(tenant.Name, "eng", LimitsConfig.None, AccessConfig.Default, ImmutableDictionary<string, LimitsConfig>.Empty)))),
    };
}
