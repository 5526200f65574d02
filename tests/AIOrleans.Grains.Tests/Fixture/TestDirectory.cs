using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>A directory that the test changes. Only accounts that were given limits have a record.</summary>
internal sealed class TestDirectory : IDirectory
{
    private volatile DirectorySnapshot current = DirectorySnapshot.Empty with
    {
        Tenants = DirectorySnapshot.Empty.Tenants.Add("acme", new TenantConfig("acme", "UTC", LimitsConfig.None, AccessConfig.Default)),
    };

    public DirectorySnapshot Current => current;

    /// <summary>A strict budget of so many nano-dollars a month.</summary>
    public void SetBudget(AccountId account, long cost) =>
        SetLimits(account, new LimitsConfig { Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, cost)] });

    public void SetLimits(AccountId account, LimitsConfig limits)
    {
        string path = account.Path;
        string last = path[(path.LastIndexOf('.') + 1)..];
        AccessConfig access = AccessConfig.Default;
        DirectorySnapshot old = current;
        current = account.Kind switch
        {
            AccountKind.Tenant => old with { Tenants = old.Tenants.SetItem(path, new TenantConfig(path, "UTC", limits, access)) },
            AccountKind.Org => old with
            {
                Orgs = old.Orgs.SetItem(path, new OrgConfig("acme", last, limits, access, new Dictionary<string, LimitsConfig>())),
            },
            AccountKind.Team => old with { Teams = old.Teams.SetItem(path, new TeamConfig("acme", "eng", last, limits, access)) },
            AccountKind.User => old with { Users = old.Users.SetItem(path, new UserConfig("acme", "eng", last, [], limits, access)) },
            AccountKind.Key => old with
            {
                Keys = old.Keys.SetItem(path, new KeyConfig("acme", "eng", last, null, null, null, "", [], limits, access, null, false)),
            },
            _ => throw new ArgumentException($"Tests give no limits to {account}.", nameof(account)),
        };
    }
}
