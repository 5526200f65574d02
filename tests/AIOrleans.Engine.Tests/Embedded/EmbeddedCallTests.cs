using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Concurrency;

namespace AIOrleans.Engine.Tests.Embedded;

/// <summary>Where the stand-in promises more than Orleans does.</summary>
[Collection(SharedHostTests.Name)]
public sealed class EmbeddedCallTests
{
    private readonly EngineHost host;

    public EmbeddedCallTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_never_starts()
    {
        const string Key = nameof(A_call_that_is_cancelled_while_it_waits_never_starts);
        IHoldingGrain grain = host.Grains.GetGrain<IHoldingGrain>(Key, typeof(HoldingGrain).FullName);
        Task first = grain.HoldAsync("a");
        await host.Signals.WaitAsync($"{Key}:a:in");
        using CancellationTokenSource source = new();
        Task second = grain.HoldCancellablyAsync("b", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        host.Signals.Raise($"{Key}:a:go");
        host.Signals.Raise($"{Key}:c:go");
        await first;
        await grain.HoldAsync("c");
        Assert.Equal(0, host.Signals.Count($"{Key}:b:in"));
    }

    [Fact]
    public async Task A_method_that_returns_null_fails_its_call_and_leaves_the_grain_usable()
    {
        ICarelessGrain grain = host.Grains.GetGrain<ICarelessGrain>("careless");
        foreach (Func<Task> call in new Func<Task>[] { grain.NullTaskAsync, grain.NullResultAsync, () => grain.NullLaterAsync(CancellationToken.None) })
        {
            InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(call);
            Assert.Contains("returned null", thrown.Message, StringComparison.Ordinal);
        }

        using CancellationTokenSource source = new();
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.NullLaterAsync(source.Token));
        Assert.Equal(1, await grain.OneAsync());
    }

    [Fact]
    public async Task Calls_nested_deeper_than_the_stack_go_on_elsewhere()
    {
        const int Depth = 20_000;
        IDeepGrain grain = host.Grains.GetGrain<IDeepGrain>(Depth);
        Assert.Equal(Depth, await grain.DescendAsync().WaitAsync(Signals.Patience));
    }
}

/// <summary>Returns null where a task belongs.</summary>
public interface ICarelessGrain : IGrainWithStringKey
{
    Task NullTaskAsync();

    Task<int> NullResultAsync();

    Task NullLaterAsync(CancellationToken cancellationToken);

    Task<int> OneAsync();
}

public class CarelessGrain : Grain, ICarelessGrain
{
    // ! On purpose, in all three.
    public Task NullTaskAsync() => null!;

    public Task<int> NullResultAsync() => null!;

    public Task NullLaterAsync(CancellationToken cancellationToken) => null!;

    public Task<int> OneAsync() => Task.FromResult(1);
}

/// <summary>Calls the one below, down to zero.</summary>
public interface IDeepGrain : IGrainWithIntegerKey
{
    [ReadOnly]
    Task<int> DescendAsync();
}

public class DeepGrain : Grain, IDeepGrain
{
    public async Task<int> DescendAsync()
    {
        long own = this.GetPrimaryKeyLong();
        return own == 0 ? 0 : await GrainFactory.GetGrain<IDeepGrain>(own - 1).DescendAsync() + 1;
    }
}
