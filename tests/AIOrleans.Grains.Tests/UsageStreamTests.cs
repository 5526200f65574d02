using AIOrleans.Contracts.Requests;
using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class UsageStreamTests
{
    [Fact]
    public async Task Each_settled_event_is_published_once_and_in_order()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        List<HoldCommand> holds = [];
        for (int i = 0; i < 20; i++)
        {
            HoldCommand hold = await host.MustHoldAsync(Ask());
            holds.Add(hold);
            await host.SettleAsync(hold, tokens: i, cost: i);
            await host.SettleAsync(hold, tokens: i, cost: i);
        }

        await host.Ear.WhenAsync(20);

        Assert.Equal(holds.Select(hold => hold.Id), host.Ear.Heard.Select(e => e.HoldId));
    }

    [Fact]
    public async Task Totals_of_today_are_read_anew_only_after_something_was_heard()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IUsageGrain usage = host.Grains.GetGrain<IUsageGrain>("acme");
        UsageToday empty = await usage.TodayAsync();
        Assert.Equal((new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero), 0L), (empty.Since, empty.EventsHeard));
        await usage.TodayAsync();
        Assert.Equal(1, host.Reports.Reads);

        await host.SettleAsync(await host.MustHoldAsync(Ask()), tokens: 1, cost: 1);
        await host.Ear.WhenAsync(1);
        UsageToday heard = await Eventually.Async(usage.TodayAsync, today => today.EventsHeard == 1);

        Assert.Equal(2, Assert.Single(heard.Rows).Requests);
    }

    [Fact]
    public async Task Totals_that_could_not_be_read_are_read_at_the_next_call()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IUsageGrain usage = host.Grains.GetGrain<IUsageGrain>("acme");
        await usage.TodayAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        host.Reports.IsAway = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(usage.TodayAsync);
        host.Reports.IsAway = false;

        UsageToday today = await usage.TodayAsync();

        Assert.Equal(2, Assert.Single(today.Rows).Requests);
    }
}
