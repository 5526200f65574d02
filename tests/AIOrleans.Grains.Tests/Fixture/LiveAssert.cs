using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>What must hold between the numbers of a grain and the ledger.</summary>
internal static class LiveAssert
{
    /// <summary>Once slices have come back, nothing is held on the path of the first key, and what was counted is what the ledger says.</summary>
    public static async Task EndsAtRestAsync(this GrainHost host)
    {
        await host.WhenWholeAsync();
        await IsAtRestAsync(host, Requests.Path());
    }

    /// <summary>Nothing is held, and what was counted is what the ledger says.</summary>
    public static async Task IsAtRestAsync(GrainHost host, params IEnumerable<AccountId> accounts)
    {
        foreach (AccountId account in accounts)
        {
            AccountLive live = await host.LiveAsync(account);
            Assert.Equal((account, 0, 0, default(HoldSize)), (account, live.Holds.Count, live.Slots.Used, live.Holds.Worst));
            CountsAsTheLedger(host, live);
        }

        Assert.Empty(host.Ledger.Holds);
    }

    /// <summary>What the account has counted this year is the sum of its events.</summary>
    public static void CountsAsTheLedger(GrainHost host, AccountLive live)
    {
        List<UsageEvent> events = [.. host.Ledger.Events.Where(e => e.Path.Contains(live.Account))];
        PeriodLive year = live.Periods.Single(period => period.Period == QuotaPeriod.Year);
        Assert.Equal(
            (live.Account, events.Sum(e => e.Requests), events.Sum(e => e.Usage.Total), new NanoUsd(events.Sum(e => e.Cost.Value))),
            (live.Account, year.Requests, year.Tokens, year.Cost));
    }

    /// <summary>No quota is overdrawn at this instant.</summary>
    public static void IsNotOverdrawn(AccountLive live) =>
        Assert.All(live.Quotas, quota => Assert.True(quota.Used + quota.Held <= quota.Amount, $"{live.Account}: {quota}"));
}
