using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;

namespace AIOrleans.Benchmarks.Engine;

/// <summary>Grain calls a second, hosted as the product hosts them. The bar is 500 000 a second from 64 callers on two cores.</summary>
public static class GrainCallThroughput
{
    private const int CallerCount = 64;
    private const int GrainCount = 1_000;
    private const int SingleCallCount = 1_000_000;

    /// <summary>Runs every measurement, each for <paramref name="duration"/> after a warm-up of a tenth of it.</summary>
    public static async Task<GrainCallFigures> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(static silo => silo.UseLocalhostClustering());
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        TimeProvider time = TimeProvider.System;

        ICounterGrain[] many = [.. Enumerable.Range(0, GrainCount).Select(key => grains.GetGrain<ICounterGrain>(key))];
        ICounterGrain hot = grains.GetGrain<ICounterGrain>(GrainCount);
        Func<int, Task> spread = call => many[call % GrainCount].AddAsync(1);
        Func<int, Task> fresh = call => grains.GetGrain<ICounterGrain>(call % GrainCount).AddAsync(1);
        Func<int, Task> chained = call => many[call % GrainCount].AddThroughAsync(GrainCount + 1 + (call % GrainCount), 1);
        GrainCallFigures figures = new(
            await CallsPerSecondAsync(spread, duration, time),
            await CallsPerSecondAsync(_ => hot.AddAsync(1), duration, time),
            await CallsPerSecondAsync(fresh, duration, time),
            await CallsPerSecondAsync(chained, duration, time) * 2,
            await SingleCallerNanosecondsAsync(many[0], time));
        await host.StopAsync(cancellationToken);
        return figures;
    }

    private static async Task<double> CallsPerSecondAsync(Func<int, Task> call, TimeSpan duration, TimeProvider time)
    {
        await CountAsync(call, duration / 10, time);
        long begun = time.GetTimestamp();
        long calls = await CountAsync(call, duration, time);
        return calls / time.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<long> CountAsync(Func<int, Task> call, TimeSpan duration, TimeProvider time)
    {
        using CancellationTokenSource end = new(duration, time);
        long[] counts = await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(caller => CallUntilAsync(call, caller, end.Token)));
        return counts.Sum();
    }

    private static async Task<long> CallUntilAsync(Func<int, Task> call, int caller, CancellationToken end)
    {
        // Calls to idle grains complete at once: without yielding now and then, the first callers would never let the others begin.
        await Task.Yield();
        int made = 0;
        while (!end.IsCancellationRequested)
        {
            for (int burst = 0; burst < 64; burst++)
            {
                await call((caller * 17) + made++);
            }

            await Task.Yield();
        }

        return made;
    }

    private static async Task<double> SingleCallerNanosecondsAsync(ICounterGrain grain, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        for (int call = 0; call < SingleCallCount; call++)
        {
            await grain.AddAsync(1);
        }

        return time.GetElapsedTime(begun).TotalNanoseconds / SingleCallCount;
    }
}

/// <summary>What <see cref="GrainCallThroughput"/> measured.</summary>
/// <param name="SpreadCallsPerSecond">64 callers over 1,000 grains, references kept.</param>
/// <param name="HotCallsPerSecond">64 callers on one grain.</param>
/// <param name="FreshCallsPerSecond">64 callers over 1,000 grains, a new reference for each call.</param>
/// <param name="ChainedCallsPerSecond">64 callers over 1,000 grains that each call another; both calls count.</param>
/// <param name="SingleCallerNanoseconds">One call of one caller.</param>
public sealed record GrainCallFigures(
    double SpreadCallsPerSecond, double HotCallsPerSecond, double FreshCallsPerSecond, double ChainedCallsPerSecond, double SingleCallerNanoseconds);
