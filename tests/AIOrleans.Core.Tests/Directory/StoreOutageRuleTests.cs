using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Directory;

public sealed class StoreOutageRuleTests
{
    private const StoreOutagePolicy Allow = StoreOutagePolicy.AllowAndJournal;
    private const StoreOutagePolicy Deny = StoreOutagePolicy.Deny;

    private static readonly AccountId[] Path =
        [AccountId.Parse("tenant:acme"), AccountId.Parse("org:acme.eng"), AccountId.Parse("model:acme.eng.gpt-4o")];

    [Theory]
    [InlineData(null, null, null, false)]
    [InlineData(Allow, null, null, true)]
    [InlineData(Allow, Allow, Allow, true)]
    [InlineData(null, Allow, Allow, false)]
    [InlineData(Deny, Allow, Allow, false)]
    [InlineData(Allow, Deny, null, false)]
    [InlineData(Allow, Deny, Allow, false)]
    [InlineData(Allow, null, Deny, false)]
    public void A_call_may_be_journaled_when_its_tenant_allows_it_and_nobody_denies(
        StoreOutagePolicy? tenant, StoreOutagePolicy? org, StoreOutagePolicy? model, bool expected) =>
        Assert.Equal(expected, Of(tenant, org, model).MayJournal(Path));

    [Fact]
    public void An_account_without_a_record_follows_its_tenant() =>
        Assert.True(Of(Allow, null, null).MayJournal([.. Path, AccountId.Parse("team:acme.eng.gone")]));

    [Fact]
    public void Nobody_may_where_the_tenant_is_unknown() => Assert.False(DirectorySnapshot.Empty.MayJournal(Path));

    private static DirectorySnapshot Of(StoreOutagePolicy? tenant, StoreOutagePolicy? org, StoreOutagePolicy? model)
    {
        DirectorySnapshot empty = DirectorySnapshot.Empty;
        AccessConfig access = AccessConfig.Default;
        var models = new Dictionary<string, LimitsConfig> { ["gpt-4o"] = new() { OnStoreOutage = model } };
        return empty with
        {
            Tenants = empty.Tenants.Add("acme", new TenantConfig("acme", "UTC", new LimitsConfig { OnStoreOutage = tenant }, access)),
            Orgs = empty.Orgs.Add("acme.eng", new OrgConfig("acme", "eng", new LimitsConfig { OnStoreOutage = org }, access, models)),
        };
    }
}
