using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>Slices as one silo uses them.</summary>
public class SliceTests
{
    [Fact]
    public async Task A_hot_account_is_not_asked_for_calls_of_its_slice()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());

        foreach (AccountId account in Path())
        {
            host.AccountFaults.Refuse(account, nameof(IAccountGrain.HoldAsync));
        }

        HoldCommand second = await host.MustHoldAsync(Ask());

        Assert.Equal(2, host.Ledger.Holds.Count);
        host.AccountFaults.End();
        await host.SettleAsync(first, tokens: 3, cost: 30);
        await host.SettleAsync(second, tokens: 4, cost: 40);
        await host.EndsAtRestAsync();
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Epoch);
    }

    [Fact]
    public async Task A_strict_budget_is_spent_to_the_last_call_and_no_further()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        List<HoldCommand> held = [];
        while (true)
        {
            HoldCommand[] asked = [.. Enumerable.Range(0, 7).Select(i => Ask(key: i % 4))];
            HoldReply[] replies = await Task.WhenAll(asked.Select(host.HoldAsync));
            held.AddRange(asked.Where((_, i) => replies[i].IsHeld));
            LiveAssert.IsNotOverdrawn(await host.LiveAsync(Tenant));
            if (!Array.TrueForAll(replies, reply => reply.IsHeld))
            {
                break;
            }
        }

        Assert.Equal(1_000, held.Count);
        await Task.WhenAll(held.Select(hold => host.SettleAsync(hold, tokens: 1, cost: 100)));
        await host.WhenWholeAsync();
        Assert.Equal(Budget, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Used);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Fact]
    public async Task More_used_than_its_slice_has_is_debt_that_the_next_hold_sees()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask());

        await host.SettleAsync(second, tokens: 1, cost: Budget + 1);

        LimitFacts? denied = (await host.HoldAsync(Ask())).Denied;
        Assert.Equal((Budget + 1, 100L), (denied?.Used, denied?.Held));
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.EndsAtRestAsync();
    }

    [Fact]
    public async Task A_denial_elsewhere_gives_back_to_the_slice()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        host.Directory.SetBudget(Key(2), 50);
        HoldCommand first = await host.MustHoldAsync(Ask());
        AccountLive before = await host.LiveAsync(Key());

        Assert.Equal(Key(2), (await host.HoldAsync(Ask(key: 2))).Denied?.Account);

        Assert.Equivalent(before, await host.LiveAsync(Key()), strict: true);
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.WhenWholeAsync();
        await LiveAssert.IsAtRestAsync(host, Path().Concat(Path(2)).Distinct());
    }

    [Fact]
    public async Task A_call_of_a_slice_can_be_prolonged_and_grow()
    {
        await using GrainHost host = await GrainHost.StartSplitBudgetAsync();
        HoldCommand first = await host.MustHoldAsync(Ask());
        HoldCommand second = await host.MustHoldAsync(Ask());
        HoldCommand third = await host.MustHoldAsync(Ask());

        await host.RenewAsync(second);
        Assert.True((await host.ExtendAsync(third, cost: 900)).IsExtended);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.SettleAsync(first, tokens: 1, cost: 1);
        await host.SettleAsync(second, tokens: 1, cost: 100);
        await host.SettleAsync(third, tokens: 1, cost: 900);
        await host.WhenWholeAsync();
        Assert.Equal(1_001, Assert.Single((await host.LiveAsync(Tenant)).Quotas).Used);
        await LiveAssert.IsAtRestAsync(host, Path());
    }

    [Theory]
    [InlineData("Durability", "Fast")]
    [InlineData("Leases:Enabled", "false")]
    [InlineData("Leases:AsksPerSecond", "3")]
    public async Task There_are_no_slices_where_nothing_fences_them_or_nobody_needs_them(string option, string value)
    {
        await using GrainHost host = await GrainHost.StartSplitAsync((option, value));

        await host.MustHoldAsync(Ask());
        await host.MustHoldAsync(Ask());

        Assert.Null((await host.Account(Tenant).ViewAsync()).Slices);
        Assert.Equal(2, (await host.LiveAsync(Tenant)).Holds.Count);
    }

    [Fact]
    public async Task Stopping_gives_slices_back()
    {
        GrainHost host = await GrainHost.StartSplitAsync();
        await using (host)
        {
            await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
            Assert.False(host.Slices.Accounts.IsEmpty);

            await host.Slices.StopAsync(CancellationToken.None);

            Assert.True(host.Slices.Accounts.IsEmpty);
            await LiveAssert.IsAtRestAsync(host, Path());
        }
    }
}
