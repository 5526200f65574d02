using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Tests.Accounts;

public sealed class TenantOfAccountTests
{
    [Theory]
    [InlineData("tenant:acme", "acme.eng.k1", true)]
    [InlineData("key:acme.eng.k1", "acme.eng.k1", true)]
    [InlineData("model:acme.eng.gpt-4%2E1", "acme.ops.k2", true)]
    [InlineData("tenant:acme", "acme", true)]
    [InlineData("tenant:acme", "acme-2.eng.k1", false)]
    [InlineData("tenant:acme-2", "acme.eng.k1", false)]
    [InlineData("org:acme.eng", "acm.eng.k1", false)]
    [InlineData("user:other.acme.dev", "acme.eng.k1", false)]
    [InlineData("tenant:acme", "", false)]
    public void Knows_whose_tenant_it_is_of(string account, string recordId, bool isSame) =>
        Assert.Equal(isSame, AccountId.Parse(account).IsOfTenantOf(recordId));

    [Fact]
    public void No_account_is_of_no_tenant() => Assert.False(default(AccountId).IsOfTenantOf(""));
}
