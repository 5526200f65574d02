using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class StatelessWorkerTests
{
    private readonly EngineHost host;

    public StatelessWorkerTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task Workers_run_beside_each_other_up_to_the_limit_and_each_takes_one_call_at_a_time()
    {
        const string Name = nameof(Workers_run_beside_each_other_up_to_the_limit_and_each_takes_one_call_at_a_time);
        IWorkerGrain worker = host.Grains.GetGrain<IWorkerGrain>(0);
        Task[] calls = [.. Enumerable.Range(0, 12).Select(_ => worker.HoldAsync(Name))];
        await host.Signals.WaitAsync($"{Name}:in", 4);
        Assert.Equal(4, host.Signals.Count($"{Name}:in"));

        host.Signals.Raise($"{Name}:go");
        await Task.WhenAll(calls).WaitAsync(Signals.Patience);
        Assert.All(host.Signals.Values($"{Name}:in"), static inside => Assert.Equal(1, inside));
    }
}
