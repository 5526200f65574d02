using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class ActivationTests
{
    private readonly EngineHost host;

    public ActivationTests(SharedHost shared) => host = shared.Host;

    [Theory]
    [InlineData("constructor")]
    [InlineData("activation")]
    public async Task A_failed_activation_fails_the_call_and_a_later_one_activates_anew(string step)
    {
        string key = $"{step}-{nameof(A_failed_activation_fails_the_call_and_a_later_one_activates_anew)}";
        IReluctantGrain grain = host.Grains.GetGrain<IReluctantGrain>(key);
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(grain.GreetAsync);
        Assert.Contains($"{key} is not allowed yet", failure.ToString(), StringComparison.Ordinal);

        host.Signals.Raise($"{key}:allow");
        Assert.Equal("hello", await UntilAnsweredAsync(grain.GreetAsync));
    }

    [Fact]
    public async Task Idle_activations_end_with_OnDeactivateAsync_and_the_next_call_activates_anew()
    {
        const string Key = nameof(Idle_activations_end_with_OnDeactivateAsync_and_the_next_call_activates_anew);
        await using EngineHost hasty = await StartHastyAsync();
        IMortalGrain grain = Mortal(hasty, Key);
        long first = await grain.ActivationAsync();
        await hasty.Signals.WaitAsync($"{Key}:deactivated");
        Assert.Equal(DeactivationReasonCode.ActivationIdle, hasty.Signals.Values($"{Key}:deactivated")[0]);
        Assert.NotEqual(first, await grain.ActivationAsync());
        Assert.Equal(2, hasty.Signals.Count($"{Key}:activated"));
    }

    [Fact]
    public async Task Activations_that_are_kept_alive_stay_while_others_are_collected()
    {
        const string Key = nameof(Activations_that_are_kept_alive_stay_while_others_are_collected);
        await using EngineHost hasty = await StartHastyAsync();
        IImmortalGrain kept = hasty.Grains.GetGrain<IImmortalGrain>($"{Key}-class");
        IMortalGrain delayed = Mortal(hasty, $"{Key}-delayed");
        IMortalGrain other = Mortal(hasty, Key);
        (long keptFirst, long delayedFirst) = (await kept.ActivationAsync(), await delayed.ActivationAsync());
        await delayed.DelayEndAsync(TimeSpan.FromMinutes(5));
        for (int lives = 1; lives <= 2; lives++)
        {
            await other.ActivationAsync();
            await hasty.Signals.WaitAsync($"{Key}:deactivated", lives);
        }

        Assert.Equal(keptFirst, await kept.ActivationAsync());
        Assert.Equal(delayedFirst, await delayed.ActivationAsync());
    }

    [Fact]
    public async Task No_call_is_lost_while_activations_come_and_go()
    {
        const string Key = nameof(No_call_is_lost_while_activations_come_and_go);
        const int CallCount = 400;
        IMortalGrain grain = Mortal(host, Key);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async caller =>
        {
            await Task.Yield();
            for (int call = 0; call < CallCount / 16; call++)
            {
                int number = (caller * 1000) + call;
                Assert.Equal(number, await UntilTakenAsync(() => grain.CountAndSometimesEndAsync(number)));
            }
        })).WaitAsync(Signals.Patience);
        Assert.Equal(CallCount, host.Signals.Count($"{Key}:counted"));
        Assert.InRange(host.Signals.Count($"{Key}:activated"), 2, CallCount);
    }

    [Fact]
    public async Task A_grain_that_asks_for_it_ends_after_the_call_and_the_next_call_activates_anew()
    {
        const string Key = nameof(A_grain_that_asks_for_it_ends_after_the_call_and_the_next_call_activates_anew);
        IMortalGrain grain = Mortal(host, Key);
        long first = await grain.ActivationAsync();
        await grain.EndAsync();
        Assert.NotEqual(first, await grain.ActivationAsync());
        Assert.Equal(DeactivationReasonCode.ApplicationRequested, Assert.Single(host.Signals.Values($"{Key}:deactivated")));
    }

    [Fact]
    public async Task Stopping_the_host_ends_every_activation()
    {
        const string Key = nameof(Stopping_the_host_ends_every_activation);
        EngineHost own = await EngineHost.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Mortal(own, Key).ActivationAsync()));
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), async (key, _) => await own.Grains.GetGrain<ITinyGrain>(key).PingAsync());
        Signals signals = own.Signals;
        // Less than the time after which a stop gives up: it has to end because everything has ended.
        await own.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(DeactivationReasonCode.ShuttingDown, Assert.Single(signals.Values($"{Key}:deactivated")));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_hundred_thousand_activations_fit_into_bounded_memory()
    {
        const int GrainCount = 100_000;
        await using EngineHost own = await EngineHost.StartAsync();
        await own.Grains.GetGrain<ITinyGrain>(-1).PingAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, GrainCount), async (key, _) => Assert.Equal(1, await own.Grains.GetGrain<ITinyGrain>(key).PingAsync()));
        long bytesPerActivation = (GC.GetTotalMemory(forceFullCollection: true) - before) / GrainCount;
        Assert.Equal(2, await own.Grains.GetGrain<ITinyGrain>(GrainCount - 1).PingAsync());
        Assert.InRange(bytesPerActivation, 1, Edition.BytesPerActivationMax);
    }

    [Fact]
    public async Task A_class_that_is_only_an_IGrainBase_is_a_grain()
    {
        Guid key = Guid.NewGuid();
        Assert.Equal(key, await host.Grains.GetGrain<IPlainGrain>(key).KeyAsync());
    }

    private static IMortalGrain Mortal(EngineHost host, string key) => host.Grains.GetGrain<IMortalGrain>(key, typeof(MortalGrain).FullName);

    private static Task<EngineHost> StartHastyAsync() => EngineHost.StartAsync(static silo => silo.Configure<GrainCollectionOptions>(static options =>
    {
        options.CollectionQuantum = TimeSpan.FromMilliseconds(200);
        options.CollectionAge = TimeSpan.FromMilliseconds(500);
    }));

    /// <summary>Genuine Orleans forwards a call twice, then turns it away without having run it.</summary>
    private static async Task<int> UntilTakenAsync(Func<Task<int>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (OrleansMessageRejectionException)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Genuine Orleans turns calls away for five seconds after a failed activation, so that it is not tried all the time.</summary>
    private static async Task<string> UntilAnsweredAsync(Func<Task<string>> call)
    {
        using CancellationTokenSource patience = new(Signals.Patience);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (InvalidOperationException) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
