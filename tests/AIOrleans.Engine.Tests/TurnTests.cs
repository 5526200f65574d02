using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class TurnTests
{
    private const int CallCount = 2_000;
    private readonly EngineHost host;

    public TurnTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task Calls_of_many_callers_are_counted_without_any_lock()
    {
        ICounterGrain grain = host.Grains.GetGrain<ICounterGrain>(nameof(Calls_of_many_callers_are_counted_without_any_lock), typeof(CounterGrain).FullName);
        await AtOnceAsync(64, async () =>
        {
            for (int call = 0; call < CallCount; call++)
            {
                await grain.AddAsync();
            }
        });
        Assert.Equal((64 * CallCount) + 1, await grain.AddAsync());
    }

    [Fact]
    public async Task No_two_turns_of_an_activation_overlap_even_when_its_calls_interleave()
    {
        IReentrantCounterGrain grain = host.Grains.GetGrain<IReentrantCounterGrain>(nameof(No_two_turns_of_an_activation_overlap_even_when_its_calls_interleave));
        await AtOnceAsync(64, () => grain.AddAcrossAwaitAsync(50));
        Assert.Equal(0, await grain.OverlapsAsync());
    }

    [Fact]
    public async Task A_call_that_reads_awaits_and_writes_loses_no_other_calls_write()
    {
        ICounterGrain grain = host.Grains.GetGrain<ICounterGrain>(nameof(A_call_that_reads_awaits_and_writes_loses_no_other_calls_write), typeof(CounterGrain).FullName);
        await AtOnceAsync(64, () => grain.AddAcrossAwaitAsync(5));
        Assert.Equal(65, await grain.AddAsync());
        Assert.Equal(0, await grain.OverlapsAsync());
    }

    [Fact]
    public async Task A_call_that_awaits_keeps_the_next_one_waiting()
    {
        const string Key = nameof(A_call_that_awaits_keeps_the_next_one_waiting);
        IHoldingGrain grain = host.Grains.GetGrain<IHoldingGrain>(Key, typeof(HoldingGrain).FullName);
        Task first = grain.HoldAsync("first");
        await host.Signals.WaitAsync($"{Key}:first:in");
        Task second = grain.HoldAsync("second");
        host.Signals.Raise($"{Key}:second:go");

        // An interleaving call that was sent last and is answered shows that the second was looked at, and left waiting.
        host.Signals.Raise($"{Key}:third:go");
        await grain.HoldInterleavedAsync("third");
        Assert.Equal(0, host.Signals.Count($"{Key}:second:in"));

        host.Signals.Raise($"{Key}:first:go");
        await Task.WhenAll(first, second).WaitAsync(Signals.Patience);
    }

    [Fact]
    public async Task Waiting_calls_start_in_the_order_they_came()
    {
        const string Key = nameof(Waiting_calls_start_in_the_order_they_came);
        IHoldingGrain grain = host.Grains.GetGrain<IHoldingGrain>(Key, typeof(HoldingGrain).FullName);
        List<Task> calls = [grain.HoldAsync("x")];
        await host.Signals.WaitAsync($"{Key}:x:in");
        host.Signals.Raise($"{Key}:y:go");
        List<int> order = [];
        for (int call = 0; call < 100; call++)
        {
            calls.Add(NoteAsync(grain.HoldByValueAsync("y").AsTask(), call));
        }

        host.Signals.Raise($"{Key}:x:go");
        await Task.WhenAll(calls).WaitAsync(Signals.Patience);
        Assert.Equal(100, host.Signals.Count($"{Key}:y:out"));

        async Task NoteAsync(Task task, int call)
        {
            await task;
            lock (order)
            {
                order.Add(call);
            }
        }
    }

    private static Task AtOnceAsync(int callers, Func<Task> call) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            await Task.Yield();
            await call();
        })).WaitAsync(Signals.Patience);
}
