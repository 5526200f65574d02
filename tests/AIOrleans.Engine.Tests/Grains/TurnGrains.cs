using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>Counts without any care for threads, which only turns make right.</summary>
public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> AddAsync();

    /// <summary>Reads, lets others in if they may, and writes what it read plus one.</summary>
    Task<int> AddAcrossAwaitAsync(int awaits);

    /// <summary>How many turns were ever seen inside at the same time.</summary>
    Task<int> OverlapsAsync();
}

public class CounterGrain : Grain, ICounterGrain
{
    private int count;
    private int inside;
    private int overlaps;

    public Task<int> AddAsync() => Task.FromResult(++count);

    public async Task<int> AddAcrossAwaitAsync(int awaits)
    {
        for (int turn = 0; turn < awaits; turn++)
        {
            TakeTurn();
            await Task.Yield();
        }

        TakeTurn();
        int read = count;
        await Task.Yield();
        count = read + 1;
        return count;
    }

    public Task<int> OverlapsAsync() => Task.FromResult(overlaps);

    private void TakeTurn()
    {
        if (Interlocked.Increment(ref inside) > 1)
        {
            overlaps++;
        }

        Thread.SpinWait(200);
        Interlocked.Decrement(ref inside);
    }
}

/// <summary>The same, and every call lets others in.</summary>
public interface IReentrantCounterGrain : ICounterGrain;

[Reentrant]
public class ReentrantCounterGrain : CounterGrain, IReentrantCounterGrain;

/// <summary>Calls that hold on until the test lets them go. Raises <c>key:name:in</c> when inside and waits for <c>key:name:go</c>.</summary>
public interface IHoldingGrain : IGrainWithStringKey
{
    Task HoldAsync(string name);

    [AlwaysInterleave]
    Task HoldInterleavedAsync(string name);

    [ReadOnly]
    Task HoldReadingAsync(string name);

    [ResponseTimeout("00:00:00.500")]
    Task HoldBrieflyAsync(string name);

    [OneWay]
    Task HoldOneWayAsync(string name);

    Task HoldCancellablyAsync(string name, CancellationToken cancellationToken);

    ValueTask<string> HoldByValueAsync(string name);
}

public class HoldingGrain : Grain, IHoldingGrain
{
    private readonly Signals signals;

    public HoldingGrain(Signals signals) => this.signals = signals;

    public Task HoldAsync(string name) => HoldCoreAsync(name);

    public Task HoldInterleavedAsync(string name) => HoldCoreAsync(name);

    public Task HoldReadingAsync(string name) => HoldCoreAsync(name);

    public Task HoldBrieflyAsync(string name) => HoldCoreAsync(name);

    public Task HoldOneWayAsync(string name) => HoldCoreAsync(name);

    public async Task HoldCancellablyAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await HoldCoreAsync(name).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            signals.Raise($"{this.GetPrimaryKeyString()}:{name}:cancelled");
            throw;
        }
    }

    public async ValueTask<string> HoldByValueAsync(string name)
    {
        await HoldCoreAsync(name);
        return name;
    }

    private async Task HoldCoreAsync(string name)
    {
        string prefix = $"{this.GetPrimaryKeyString()}:{name}";
        signals.Raise($"{prefix}:in");
        await signals.WaitAsync($"{prefix}:go");
        signals.Raise($"{prefix}:out");
    }
}

/// <summary>The same, and every call lets others in.</summary>
public interface IReentrantHoldingGrain : IHoldingGrain;

[Reentrant]
public class ReentrantHoldingGrain : HoldingGrain, IReentrantHoldingGrain
{
    public ReentrantHoldingGrain(Signals signals)
        : base(signals)
    {
    }
}

/// <summary>The same, and calls whose name begins with <c>free</c> let others in and are let in.</summary>
public interface IChoosyHoldingGrain : IHoldingGrain;

[MayInterleave(nameof(MayInterleave))]
public class ChoosyHoldingGrain : HoldingGrain, IChoosyHoldingGrain
{
    public ChoosyHoldingGrain(Signals signals)
        : base(signals)
    {
    }

    public static bool MayInterleave(IInvokable call) => call.GetArgument(0) is string name && name.StartsWith("free", StringComparison.Ordinal);
}

/// <summary>Holds like the others, four at a time.</summary>
public interface IWorkerGrain : IGrainWithIntegerKey
{
    Task HoldAsync(string name);
}

[StatelessWorker(4)]
public class WorkerGrain : Grain, IWorkerGrain
{
    private readonly Signals signals;
    private int inside;

    public WorkerGrain(Signals signals) => this.signals = signals;

    public async Task HoldAsync(string name)
    {
        signals.Raise($"{name}:in", ++inside);
        await signals.WaitAsync($"{name}:go");
        inside--;
    }
}
