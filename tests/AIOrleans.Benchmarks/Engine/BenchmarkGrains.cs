using Orleans;

namespace AIOrleans.Benchmarks.Engine;

/// <summary>The least that a call can do, and the least that it can wait for.</summary>
public interface ICounterGrain : IGrainWithIntegerKey
{
    Task<long> AddAsync(long amount);

    Task<long> AddThroughAsync(long key, long amount);
}

internal sealed class CounterGrain : Grain, ICounterGrain
{
    private long total;

    public Task<long> AddAsync(long amount) => Task.FromResult(total += amount);

    public async Task<long> AddThroughAsync(long key, long amount)
    {
        total += amount;
        return await GrainFactory.GetGrain<ICounterGrain>(key).AddAsync(amount);
    }
}
