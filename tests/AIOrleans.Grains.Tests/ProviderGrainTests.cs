using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Routing;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class ProviderGrainTests
{
    private static readonly AttemptReport Success = new() { Succeeded = true, FirstByteMicros = 1_000 };
    private static readonly AttemptReport Failure = new() { Succeeded = false, FirstByteMicros = null, Reason = "status_500" };

    [Fact]
    public async Task A_breaker_opens_lets_one_probe_through_and_closes()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IProviderGrain provider = host.Grains.GetGrain<IProviderGrain>("openai/gpt-4o");
        for (int i = 1; i < CircuitBreaker.FailuresInARowMax; i++)
        {
            Assert.Equal("closed", (await provider.ReportAsync(Failure)).State);
        }

        BreakerView open = await provider.ReportAsync(Failure);
        Assert.Equal(("open", "status_500"), (open.State, open.LastFailure));
        Assert.False(await provider.TryProbeAsync());
        host.Clock.Advance(CircuitBreaker.PauseMin);

        bool[] probes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => provider.TryProbeAsync()));
        Assert.Single(probes, probe => probe);
        Assert.Equal("half-open", (await provider.ViewAsync()).State);

        BreakerView closed = await provider.ReportAsync(Success);
        Assert.Equal(("closed", 0, 6L, 5L), (closed.State, closed.ConsecutiveFailures, closed.Attempts, closed.Failures));
        Assert.True(await provider.TryProbeAsync());
    }

    [Fact]
    public async Task A_failed_probe_opens_the_breaker_again_for_longer()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IProviderGrain provider = host.Grains.GetGrain<IProviderGrain>("openai/gpt-4o");
        for (int i = 0; i < CircuitBreaker.FailuresInARowMax; i++)
        {
            await provider.ReportAsync(Failure);
        }

        host.Clock.Advance(CircuitBreaker.PauseMin);
        Assert.True(await provider.TryProbeAsync());

        BreakerView reopened = await provider.ReportAsync(Failure);

        Assert.Equal("open", reopened.State);
        Assert.True(reopened.OpenUntil > host.Clock.Now + CircuitBreaker.PauseMin);
    }

    [Fact]
    public async Task First_byte_times_are_averaged_over_successes_only()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IProviderGrain provider = host.Grains.GetGrain<IProviderGrain>("openai/gpt-4o");
        await provider.ReportAsync(Success with { FirstByteMicros = 8_000 });
        await provider.ReportAsync(Failure with { FirstByteMicros = 900_000 });

        BreakerView view = await provider.ReportAsync(Success with { FirstByteMicros = 16_000 });

        Assert.Equal(9_000, view.FirstByteMicros);
    }
}
