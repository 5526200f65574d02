using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class TimerTests
{
    private readonly EngineHost host;

    public TimerTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task A_tick_waits_for_the_call_that_is_running()
    {
        const string Key = nameof(A_tick_waits_for_the_call_that_is_running);
        ITimerGrain grain = host.Grains.GetGrain<ITimerGrain>(Key);
        Task call = grain.HoldAsync();
        await host.Signals.WaitAsync($"{Key}:in");

        // Queued behind the running call like the ticks would be; by the time another grain has ticked, this one would have.
        Task start = grain.StartAsync(interleave: false);
        ITimerGrain clock = host.Grains.GetGrain<ITimerGrain>($"{Key}-clock");
        await clock.StartAsync(interleave: false);
        host.Signals.Raise($"{Key}:go");
        await call;
        await start;
        await host.Signals.WaitAsync($"{Key}:tick");
        Task second = grain.HoldAsync();
        await second;

        const string Held = $"{Key}-held";
        ITimerGrain held = host.Grains.GetGrain<ITimerGrain>(Held);
        await held.StartAsync(interleave: false);
        await host.Signals.WaitAsync($"{Held}:tick");
        Task holding = held.HoldAsync();
        await host.Signals.WaitAsync($"{Held}:in");
        int before = await held.TicksAsync();
        await host.Signals.WaitAsync($"{Key}-clock:tick", host.Signals.Count($"{Key}-clock:tick") + 5);
        Assert.Equal(before, await held.TicksAsync());
        host.Signals.Raise($"{Held}:go");
        await holding;
        await host.Signals.WaitAsync($"{Held}:tick", before + 1);
        await Task.WhenAll(grain.EndAsync(), clock.EndAsync(), held.EndAsync());
    }

    [Fact]
    public async Task An_interleaving_timer_ticks_while_a_call_awaits()
    {
        const string Key = nameof(An_interleaving_timer_ticks_while_a_call_awaits);
        ITimerGrain grain = host.Grains.GetGrain<ITimerGrain>(Key);
        await grain.StartAsync(interleave: true);
        Task call = grain.HoldAsync();
        await host.Signals.WaitAsync($"{Key}:in");
        await host.Signals.WaitAsync($"{Key}:tick", host.Signals.Count($"{Key}:tick") + 3);
        host.Signals.Raise($"{Key}:go");
        await call;
        await grain.EndAsync();
    }

    [Fact]
    public async Task Ticks_of_one_timer_never_overlap()
    {
        const string Key = nameof(Ticks_of_one_timer_never_overlap);
        ITimerGrain grain = host.Grains.GetGrain<ITimerGrain>(Key);
        await grain.StartSlowAsync();
        await host.Signals.WaitAsync($"{Key}:tick", 20);
        Assert.Equal(0, host.Signals.Count($"{Key}:overlap"));
        await grain.EndAsync();
    }

    [Fact]
    public async Task A_tick_that_throws_does_not_stop_the_timer()
    {
        const string Key = nameof(A_tick_that_throws_does_not_stop_the_timer);
        ITimerGrain grain = host.Grains.GetGrain<ITimerGrain>(Key);
        await grain.StartThrowingAsync();
        await host.Signals.WaitAsync($"{Key}:tick", 3);
        await grain.EndAsync();
    }

    [Fact]
    public async Task Timers_stop_with_their_activation_and_when_they_are_disposed()
    {
        const string Key = nameof(Timers_stop_with_their_activation_and_when_they_are_disposed);
        ITimerGrain grain = host.Grains.GetGrain<ITimerGrain>(Key);
        await grain.StartAsync(interleave: false);
        await host.Signals.WaitAsync($"{Key}:tick", 2);
        await grain.EndAsync();
        await grain.StartAsync(interleave: false);
        int before = host.Signals.Count($"{Key}:tick");
        await host.Signals.WaitAsync($"{Key}:tick", before + 5);

        IReadOnlyList<object?> after = [.. host.Signals.Values($"{Key}:tick").Skip(before + 1)];
        Assert.Single(after.Distinct());
        Assert.NotEqual(host.Signals.Values($"{Key}:tick")[0], after[0]);

        await grain.StopAsync();
        int stoppedAt = await grain.TicksAsync();
        ITimerGrain clock = host.Grains.GetGrain<ITimerGrain>($"{Key}-clock");
        await clock.StartAsync(interleave: false);
        await host.Signals.WaitAsync($"{Key}-clock:tick", 5);
        Assert.Equal(stoppedAt, await grain.TicksAsync());
        await clock.EndAsync();
    }
}
