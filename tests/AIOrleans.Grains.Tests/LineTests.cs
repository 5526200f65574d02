using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class LineTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_slot_that_becomes_free_goes_to_the_next_in_line_without_delay()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        HoldCommand running = await host.MustHoldAsync(Ask(key: 1));
        HoldCommand first = await MustWaitAsync(host, Ask(key: 0), place: 1);
        HoldCommand second = await MustWaitAsync(host, Ask(key: 2), place: 2);
        Task<bool> firstsTurn = host.Account(Tenant).AwaitTurnAsync(first.Id, Hour);
        Task<bool> secondsTurn = host.Account(Tenant).AwaitTurnAsync(second.Id, Hour);

        // The open questions keep the grain from nothing.
        Assert.Equal(2, (await host.Account(Tenant).ViewAsync()).Line.Length);
        Assert.False(firstsTurn.IsCompleted);
        await host.SettleAsync(running, tokens: 1, cost: 1);

        Assert.True(await firstsTurn.WaitAsync(LedgerStop.Patience));
        Assert.False(secondsTurn.IsCompleted);
        await host.MustHoldAsync(first);
        await host.GiveBackAsync(first);
        Assert.True(await secondsTurn.WaitAsync(LedgerStop.Patience));
        await host.MustHoldAsync(second);
        await host.GiveBackAsync(second);
        await LiveAssert.IsAtRestAsync(host, Enumerable.Range(0, 3).SelectMany(key => Path(key)).Distinct());
    }

    [Fact]
    public async Task Whoever_waits_at_one_account_holds_nothing_on_any()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        host.Directory.SetLimits(Key(), new LimitsConfig { RequestsPerMinute = 60, TokensPerMinute = 1_000, Concurrent = 5 });
        await host.MustHoldAsync(Ask(key: 5));
        AccountLive before = await host.LiveAsync(Key());

        await MustWaitAsync(host, Ask(key: 0), place: 1);

        Assert.Equivalent(before, await host.LiveAsync(Key()), strict: true);
        Assert.Single(host.Ledger.Holds);
        Assert.Equal(1, (await host.LiveAsync(Tenant)).Holds.Count);
    }

    [Fact]
    public async Task Whoever_leaves_is_told_so_and_the_next_is_first()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        HoldCommand running = await host.MustHoldAsync(Ask(key: 1));
        HoldCommand first = await MustWaitAsync(host, Ask(key: 0), place: 1);
        HoldCommand second = await MustWaitAsync(host, Ask(key: 2), place: 2);
        Task<bool> firstsTurn = host.Account(Tenant).AwaitTurnAsync(first.Id, Hour);

        await host.Account(Tenant).LeaveLineAsync(first.Id);

        Assert.True(await firstsTurn.WaitAsync(LedgerStop.Patience));
        await host.SettleAsync(running, tokens: 1, cost: 1);
        Assert.NotNull((await host.HoldAsync(Ask(key: 3))).Denied);
        await host.MustHoldAsync(second);
    }

    [Fact]
    public async Task A_question_for_the_turn_ends_with_its_patience_and_keeps_the_place()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        await host.MustHoldAsync(Ask(key: 1));
        HoldCommand waiting = await MustWaitAsync(host, Ask(key: 0), place: 1);

        Assert.False(await host.Account(Tenant).AwaitTurnAsync(waiting.Id, TimeSpan.Zero));

        Assert.Equal(1, (await host.Account(Tenant).ViewAsync()).Line.Length);
    }

    [Fact]
    public async Task A_line_outlives_the_reloading_of_its_account()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        HoldCommand running = await host.MustHoldAsync(Ask(key: 1));
        HoldCommand first = await MustWaitAsync(host, Ask(key: 0), place: 1);
        await host.Account(Tenant).ReloadAsync((await host.LiveAsync(Tenant)).Epoch);

        HoldCommand second = await MustWaitAsync(host, Ask(key: 2), place: 2);

        Assert.Equal(2, (await host.LiveAsync(Tenant)).Epoch);
        await host.SettleAsync(running, tokens: 1, cost: 1);
        Assert.Equal(2, (await host.HoldAsync(second)).Denied?.Line?.Place);
        await host.MustHoldAsync(first);
    }

    [Fact]
    public async Task Fifty_impatient_and_ten_patient_callers_get_one_slot_in_turn_and_never_two()
    {
        await using GrainHost host = await StartWithOneSlotAsync();
        HoldCommand running = await host.MustHoldAsync(Ask(key: 0));
        HoldCommand[] patient = [.. Enumerable.Range(0, 10).Select(i => Ask(key: i))];
        for (int i = 0; i < patient.Length; i++)
        {
            patient[i] = await MustWaitAsync(host, patient[i], place: i + 1);
        }

        List<HoldCommand> served = [];
        Task[] waits = [.. patient.Select(async call =>
        {
            HoldReply reply;
            do
            {
                Assert.True(await host.Account(Tenant).AwaitTurnAsync(call.Id, Hour));
                reply = await host.HoldAsync(call);
            }
            while (reply.Denied is not null);

            served.Add(call);
            Assert.Equal(1, (await host.LiveAsync(Tenant)).Slots.Used);
            await host.SettleAsync(call, tokens: 1, cost: 1);
        })];
        Task<HoldReply[]> impatient = Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.HoldAsync(Ask(key: i % 8))));
        await host.SettleAsync(running, tokens: 1, cost: 1);

        await Task.WhenAll(waits).WaitAsync(LedgerStop.Patience);

        Assert.Equal(patient.Select(call => call.Id), served.Select(call => call.Id));
        Assert.All(await impatient, reply => Assert.NotNull(reply.Denied));
        await LiveAssert.IsAtRestAsync(host, Enumerable.Range(0, 10).SelectMany(key => Path(key)).Distinct());
    }

    private static async Task<GrainHost> StartWithOneSlotAsync()
    {
        GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { Concurrent = 1 });
        return host;
    }

    private static async Task<HoldCommand> MustWaitAsync(GrainHost host, HoldCommand command, int place)
    {
        HoldCommand patient = command with { Line = new LineAsk(TimeSpan.Zero, Hour) };
        LimitFacts? denied = (await host.HoldAsync(patient)).Denied;
        Assert.Equal((Tenant, place, true), (denied?.Account, denied?.Line?.Place, denied?.Line?.IsWaiting));
        return patient;
    }
}
