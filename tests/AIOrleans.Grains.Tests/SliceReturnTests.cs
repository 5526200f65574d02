using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>How slices come back, or do not, and what of them counts.</summary>
public class SliceReturnTests
{
    [Fact]
    public async Task Nobody_is_refused_while_a_slice_of_another_silo_has_what_is_missing()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo other = await OtherSilo.TakeAsync(host);
        HoldCommand used = Ask();
        Assert.Equal(HoldOutcome.Recorded, await other.AdmitAsync(used));
        Task<bool> wanted = other.IsWantedAsync(TimeSpan.FromSeconds(5));

        // Free are 98 900; with what comes back, 99 800 fit.
        Task<HoldReply> holding = host.HoldAsync(Ask(cost: 99_800));
        Assert.True(await wanted);
        await other.ReturnAsync();

        Assert.True((await holding).IsHeld);
        Assert.Equal((1L, Budget), ((await host.LiveAsync(Tenant)).Epoch, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Held));
    }

    [Fact]
    public async Task A_call_that_would_not_fit_without_slices_either_is_refused_at_once()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo other = await OtherSilo.TakeAsync(host);

        LimitFacts? denied = (await host.HoldAsync(Ask(cost: 99_901))).Denied;

        Assert.Equal((99_901L, Budget), (denied?.Asked, denied?.Amount));
        Assert.False(await other.IsWantedAsync(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(1, (await host.Account(Tenant).ViewAsync()).Slices?.Count);
    }

    [Fact]
    public async Task A_settlement_told_by_a_slice_after_its_account_was_loaded_counts_once()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo other = await OtherSilo.TakeAsync(host);
        (HoldCommand before, HoldCommand after, HoldCommand open) = (Ask(), Ask(), Ask());
        foreach (HoldCommand call in new[] { before, after, open })
        {
            await other.AdmitAsync(call);
        }

        await other.SettleAsync(before, tokens: 1, cost: 10);
        await host.Account(Tenant).ReloadAsync(other.Epoch);
        await host.LiveAsync(Tenant);
        await other.SettleAsync(after, tokens: 1, cost: 20);
        await other.ReturnAsync();

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, 1, 30L, 100L), (live.Epoch, live.Holds.Count, live.Quotas[0].Used, live.Quotas[0].Held));
        LiveAssert.CountsAsTheLedger(host, live);
    }

    [Fact]
    public async Task A_slice_that_comes_back_twice_counts_once()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { RequestsPerMinute = 0, RequestBurst = 1_000 });
        OtherSilo other = await OtherSilo.TakeAsync(host);
        (HoldCommand settled, HoldCommand open) = (Ask(), Ask());
        await other.AdmitAsync(settled);
        await other.AdmitAsync(open);
        await other.SettleAsync(settled, tokens: 1, cost: 10);
        await other.ReturnAsync();
        AccountLive once = await host.LiveAsync(Tenant);

        await other.ReturnAsync();

        Assert.Equivalent(once, await host.LiveAsync(Tenant), strict: true);
        Assert.Equal((2, 997_000_000L), (once.Holds.Count, Assert.Single(once.Buckets).LevelMicro));
        LiveAssert.CountsAsTheLedger(host, once);
    }

    [Fact]
    public async Task A_slice_that_comes_back_during_a_load_waits_for_it()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo other = await OtherSilo.TakeAsync(host);
        HoldCommand call = Ask();
        await other.AdmitAsync(call);
        await host.Account(Tenant).ReloadAsync(other.Epoch);
        LedgerStop stop = host.Ledger.Faults.Stop(LedgerCall.Load);
        Task<AccountLive> loading = host.LiveAsync(Tenant);
        await stop.Reached;

        // Whether this load sees the settlement nobody can know.
        await other.SettleAsync(call, tokens: 1, cost: 10);
        Task returning = other.ReturnAsync();
        stop.Release();
        await Task.WhenAll(loading, returning);

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, 0, 10L), (live.Epoch, live.Holds.Count, live.Quotas[0].Used));
        LiveAssert.CountsAsTheLedger(host, live);
    }

    [Fact]
    public async Task A_fenced_call_of_a_slice_is_asked_anew_and_held_once()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());
        await host.LoadBehindItsBackAsync(Tenant);

        HoldCommand second = await host.MustHoldAsync(Ask());

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((host.Ledger.EpochOf(Tenant), 2), (live.Epoch, host.Ledger.Holds.Count));
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.SettleAsync(second, tokens: 1, cost: 2);
        await host.EndsAtRestAsync();
    }

    [Fact]
    public async Task A_settlement_that_comes_while_its_slice_goes_back_waits_for_it()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask());
        Task settling = Task.CompletedTask;
        host.AccountFaults.Refuse(
            Tenant, nameof(IAccountGrain.RetireAsync), count: 1, before: () => settling = host.SettleAsync(second, tokens: 1, cost: 50));

        await host.WhenWholeAsync();
        await settling;

        Assert.Equal(50, (await host.LiveAsync(Tenant)).Quotas[0].Used);
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await LiveAssert.IsAtRestAsync(host, Path());
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Epoch);
    }
}
