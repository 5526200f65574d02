using AIOrleans.Core.Accounts;
using AIOrleans.Core.Silos;
using AIOrleans.Gateway.Holds;
using AIOrleans.Testing;

namespace AIOrleans.Gateway.Tests.Holds;

public sealed class HotAccountsTests
{
    private static readonly AccountId Tenant = AccountId.Parse("tenant:acme");
    private static readonly AccountId Hot = AccountId.Parse("org:acme.hot");
    private static readonly AccountId Cold = AccountId.Parse("org:acme.cold");

    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly HotAccounts accounts;

    public HotAccountsTests() => accounts = new HotAccounts(clock);

    [Fact]
    public void Shows_the_hottest_first_by_the_second()
    {
        Note(30, Hot);
        Note(10, Cold);
        clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([new HotAccount("tenant:acme", 10m), new HotAccount("org:acme.hot", 7.5m)], accounts.Hottest(2));
    }

    [Fact]
    public void Counts_the_span_before_with_the_current_one()
    {
        Note(100, Hot);
        clock.Advance(TimeSpan.FromSeconds(10));
        Note(20, Hot);
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new HotAccount("org:acme.hot", 10m), accounts.Hottest(2).Single(hot => hot.Account == "org:acme.hot"));
    }

    [Fact]
    public void Forgets_what_was_long_ago()
    {
        Note(100, Hot);
        clock.Advance(TimeSpan.FromSeconds(21));

        Assert.Empty(accounts.Hottest(10));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(accounts.Hottest(10));
    }

    [Fact]
    public void Begins_with_nothing() => Assert.Empty(accounts.Hottest(10));

    private void Note(int count, AccountId org)
    {
        for (int i = 0; i < count; i++)
        {
            accounts.Note([Tenant, org]);
        }
    }
}
