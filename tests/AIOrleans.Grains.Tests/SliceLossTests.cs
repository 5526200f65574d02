using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>Slices that do not come back, or late, or not by themselves.</summary>
public class SliceLossTests
{
    [Fact]
    public async Task A_slice_that_does_not_come_back_is_fenced_and_refuses_nobody()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo dead = await OtherSilo.TakeAsync(host);
        Assert.Equal(HoldOutcome.Recorded, await dead.AdmitAsync(Ask()));

        // The call that brought the slice was never made durable: that silo has died.
        HoldReply reply = await host.HoldAsync(Ask(cost: 99_900));

        Assert.True(reply.IsHeld);
        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, Budget), (live.Epoch, Assert.Single(live.Quotas).Held));

        // It was only paused: what it admits now is refused, and what it tells changes nothing.
        Assert.Equal(HoldOutcome.Fenced, await dead.AdmitAsync(Ask()));
        await dead.ReturnAsync();
        Assert.Equivalent(live, await host.LiveAsync(Tenant), strict: true);
    }

    [Fact]
    public async Task A_silo_that_never_returns_its_slice_keeps_it_for_one_lease_at_most()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo dead = await OtherSilo.TakeAsync(host);
        await dead.AdmitAsync(Ask());

        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await host.Keeper.SweepAsync(CancellationToken.None);

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, 0, 0L, 100L), (live.Epoch, live.Slots.Used, live.Quotas[0].Held, live.Quotas[0].Used));
        LiveAssert.CountsAsTheLedger(host, live);
    }

    [Fact]
    public async Task A_call_that_a_keeper_has_ended_is_covered_by_its_slice_until_that_comes_back()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        OtherSilo paused = await OtherSilo.TakeAsync(host);
        HoldCommand call = Ask();
        await paused.AdmitAsync(call);

        // Another silo's keeper thinks it dead, and charges the call.
        await host.SettleAsync(call.Used(10, 100, host.Clock.Now) with { Events = [call.Used(10, 100, host.Clock.Now).Events[0] with { Path = [Tenant] }] });
        Assert.Equal(1_100, (await host.LiveAsync(Tenant)).Quotas[0].Held);
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await paused.ReturnAsync();

        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((0, 0L, 100L), (live.Holds.Count, live.Quotas[0].Held, live.Quotas[0].Used));
        LiveAssert.CountsAsTheLedger(host, live);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_return_whose_answer_or_question_is_lost_is_told_again(bool isAnswerLost)
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask());
        HoldCommand third = await host.MustHoldAsync(Ask());
        await host.SettleAsync(second, tokens: 1, cost: 40);
        if (isAnswerLost)
        {
            host.AccountFaults.LoseAnswers(Tenant, nameof(IAccountGrain.RetireAsync), count: 2);
        }
        else
        {
            host.AccountFaults.Refuse(Tenant, nameof(IAccountGrain.RetireAsync), count: 2);
        }

        await host.WhenWholeAsync();

        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.SettleAsync(third, tokens: 1, cost: 2);
        Assert.Equal((1L, 43L), ((await host.LiveAsync(Tenant)).Epoch, (await host.LiveAsync(Tenant)).Quotas[0].Used));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_return_that_never_gets_through_makes_the_account_load_itself()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync(("AccountWaitSeconds", "1"));
        HoldCommand first = await host.MustHoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask());
        HoldCommand third = await host.MustHoldAsync(Ask());
        await host.SettleAsync(second, tokens: 1, cost: 40);
        host.AccountFaults.Refuse(Tenant, nameof(IAccountGrain.RetireAsync), before: () => host.Clock.Advance(TimeSpan.FromSeconds(1)));

        await host.WhenWholeAsync();

        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.SettleAsync(third, tokens: 1, cost: 2);
        AccountLive live = await host.LiveAsync(Tenant);
        Assert.Equal((2L, 43L), (live.Epoch, live.Quotas[0].Used));
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task A_load_finds_what_a_slice_took_from_the_buckets()
    {
        await using GrainHost host = await GrainHost.StartSplitAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { RequestsPerMinute = 0, RequestBurst = 160 });
        await host.MustHoldAsync(Ask());
        long level = Assert.Single((await host.LiveAsync(Tenant)).Buckets).LevelMicro;
        await host.MustHoldAsync(Ask());

        await host.Account(Tenant).ReloadAsync(1);

        Assert.Equal(level, Assert.Single((await host.LiveAsync(Tenant)).Buckets).LevelMicro);
    }
}
