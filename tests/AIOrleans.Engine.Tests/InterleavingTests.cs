using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class InterleavingTests
{
    private readonly EngineHost host;

    public InterleavingTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task Calls_to_a_reentrant_class_run_beside_each_other()
    {
        const string Key = nameof(Calls_to_a_reentrant_class_run_beside_each_other);
        IReentrantHoldingGrain grain = host.Grains.GetGrain<IReentrantHoldingGrain>(Key);
        await AssertBesideAsync(Key, grain.HoldAsync("a"), () => grain.HoldAsync("b"));
    }

    [Fact]
    public async Task An_always_interleaving_call_starts_while_another_awaits()
    {
        const string Key = nameof(An_always_interleaving_call_starts_while_another_awaits);
        IHoldingGrain grain = Holding(Key);
        await AssertBesideAsync(Key, grain.HoldAsync("a"), () => grain.HoldInterleavedAsync("b"));
    }

    [Fact]
    public async Task Another_call_starts_while_an_always_interleaving_one_awaits()
    {
        const string Key = nameof(Another_call_starts_while_an_always_interleaving_one_awaits);
        IHoldingGrain grain = Holding(Key);
        await AssertBesideAsync(Key, grain.HoldInterleavedAsync("a"), () => grain.HoldAsync("b"));
    }

    [Fact]
    public async Task Read_only_calls_run_beside_each_other()
    {
        const string Key = nameof(Read_only_calls_run_beside_each_other);
        IHoldingGrain grain = Holding(Key);
        await AssertBesideAsync(Key, grain.HoldReadingAsync("a"), () => grain.HoldReadingAsync("b"));
    }

    [Fact]
    public async Task A_read_only_call_waits_for_a_writing_one_and_the_other_way_round()
    {
        const string Key = nameof(A_read_only_call_waits_for_a_writing_one_and_the_other_way_round);
        IHoldingGrain grain = Holding(Key);
        await AssertAfterAsync(Key, grain, grain.HoldAsync("a"), "a", () => grain.HoldReadingAsync("b"), "b");
        await AssertAfterAsync(Key, grain, grain.HoldReadingAsync("c"), "c", () => grain.HoldAsync("d"), "d");
    }

    [Fact]
    public async Task A_predicate_of_the_class_decides_which_calls_interleave()
    {
        const string Key = nameof(A_predicate_of_the_class_decides_which_calls_interleave);
        IChoosyHoldingGrain grain = host.Grains.GetGrain<IChoosyHoldingGrain>(Key);
        await AssertAfterAsync(Key, grain, grain.HoldAsync("bound1"), "bound1", () => grain.HoldAsync("bound2"), "bound2");
        Task bound = grain.HoldAsync("bound3");
        await host.Signals.WaitAsync($"{Key}:bound3:in");
        Task free = grain.HoldAsync("free");
        await host.Signals.WaitAsync($"{Key}:free:in");
        host.Signals.Raise($"{Key}:free:go");
        host.Signals.Raise($"{Key}:bound3:go");
        await Task.WhenAll(bound, free).WaitAsync(Signals.Patience);
    }

    private IHoldingGrain Holding(string key) => host.Grains.GetGrain<IHoldingGrain>(key, typeof(HoldingGrain).FullName);

    private async Task AssertBesideAsync(string key, Task first, Func<Task> second)
    {
        await host.Signals.WaitAsync($"{key}:a:in");
        Task beside = second();
        await host.Signals.WaitAsync($"{key}:b:in");
        host.Signals.Raise($"{key}:a:go");
        host.Signals.Raise($"{key}:b:go");
        await Task.WhenAll(first, beside).WaitAsync(Signals.Patience);
    }

    private async Task AssertAfterAsync(string key, IHoldingGrain grain, Task first, string firstName, Func<Task> second, string secondName)
    {
        await host.Signals.WaitAsync($"{key}:{firstName}:in");
        Task after = second();
        host.Signals.Raise($"{key}:{secondName}:go");

        // Sent last and answered: the second had its chance to start.
        string probe = $"free-{secondName}";
        host.Signals.Raise($"{key}:{probe}:go");
        await grain.HoldInterleavedAsync(probe);
        Assert.Equal(0, host.Signals.Count($"{key}:{secondName}:in"));

        host.Signals.Raise($"{key}:{firstName}:go");
        await Task.WhenAll(first, after).WaitAsync(Signals.Patience);
    }
}
