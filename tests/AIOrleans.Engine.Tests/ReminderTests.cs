using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class ReminderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Never = TimeSpan.FromDays(30);
    private readonly EngineHost host;

    public ReminderTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task A_reminder_wakes_its_grain_again_and_again()
    {
        const string Key = nameof(A_reminder_wakes_its_grain_again_and_again);
        IReminderGrain grain = host.Grains.GetGrain<IReminderGrain>(Key);
        await grain.RemindAsync("tick", Soon, TimeSpan.FromMilliseconds(200));
        await host.Signals.WaitAsync($"{Key}:tick", 3);
        await grain.ForgetAsync("tick");

        TickStatus[] ticks = [.. host.Signals.Values($"{Key}:tick").Cast<TickStatus>()];
        Assert.All(ticks, tick => Assert.Equal(TimeSpan.FromMilliseconds(200), tick.Period));
        Assert.Single(ticks.Select(static tick => tick.FirstTickTime).Distinct());
        Assert.True(ticks[0].CurrentTickTime < ticks[^1].CurrentTickTime);
    }

    [Fact]
    public async Task Reminders_are_known_by_their_names()
    {
        IReminderGrain grain = host.Grains.GetGrain<IReminderGrain>(nameof(Reminders_are_known_by_their_names));
        await grain.RemindAsync("month", Never, Never);
        await grain.RemindAsync("day", Never, Never);
        await grain.RemindAsync("day", Never, Never);
        Assert.Equal(["day", "month"], await grain.NamesAsync());
        await grain.ForgetAsync("day");
        Assert.Equal(["month"], await grain.NamesAsync());
        Assert.False(await grain.HasAsync("day"));
        Assert.True(await grain.HasAsync("month"));
        await grain.ForgetAsync("month");
    }

    [Fact]
    public async Task Registering_a_name_again_replaces_its_times()
    {
        const string Key = nameof(Registering_a_name_again_replaces_its_times);
        IReminderGrain grain = host.Grains.GetGrain<IReminderGrain>(Key);
        await grain.RemindAsync("tick", Never, Never);
        await grain.RemindAsync("tick", Soon, Never);
        await host.Signals.WaitAsync($"{Key}:tick");
        await grain.ForgetAsync("tick");
    }

    [Fact]
    public async Task A_period_below_the_minimum_is_refused()
    {
        await using EngineHost own = await EngineHost.StartAsync(static silo => silo.UseInMemoryReminderService());
        IReminderGrain grain = own.Grains.GetGrain<IReminderGrain>("too-often");
        ArgumentException thrown = await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.RemindAsync("tick", Soon, TimeSpan.FromSeconds(59)));
        Assert.Contains("00:01:00", thrown.Message, StringComparison.Ordinal);
    }
}
