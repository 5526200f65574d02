using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Watch;

/// <summary>Kills gateways, freezes them, and crashes their database, each at random moments about so often.</summary>
internal sealed class Killer(ChaosOptions options, Fleet fleet, Func<Task> whileDown, TimeProvider time)
{
    /// <summary>Least time that a gateway gets between its first answer and its end: less would test starting.</summary>
    private static readonly TimeSpan LifeMin = TimeSpan.FromSeconds(1);

    /// <summary>Added to a lease, so that a frozen gateway finds its holds settled by others.</summary>
    private static readonly TimeSpan FreezeMargin = TimeSpan.FromSeconds(2);

    /// <summary>Least time between two freezes: a gateway that hardly ever runs serves nobody, and proves nothing.</summary>
    private static readonly TimeSpan AwakeMin = TimeSpan.FromSeconds(3);

    /// <summary>Crashes longer than a lease and shorter ones.</summary>
    private static readonly TimeSpan OutageMax = TimeSpan.FromSeconds(8);

    private readonly Random dice = new(options.Seed);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(options.KillEverySeconds, KillAsync, stop),
        RepeatAsync(options.FreezeEverySeconds, FreezeAsync, stop),
        RepeatAsync(options.OutageEverySeconds, CrashAsync, stop));

    private async Task RepeatAsync(int everySeconds, Func<Random, CancellationToken, Task> strike, CancellationToken stop)
    {
        if (everySeconds == 0)
        {
            return;
        }

        var own = new Random(dice.Next());
        DateTimeOffset nextAt = time.GetUtcNow();
        try
        {
            while (true)
            {
                nextAt += TimeSpan.FromSeconds(everySeconds) * (0.7 + (own.NextDouble() * 0.6));
                await WaitUntilAsync(nextAt, stop);
                await strike(own, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over, and the gateways live.
        }
    }

    private async Task KillAsync(Random own, CancellationToken stop)
    {
        int slot = own.Next(fleet.Count);
        GatewayLife life = await fleet.CurrentAsync(slot);
        await life.Served.WaitAsync(stop);
        await Task.Delay(LifeMin, time, stop);
        await fleet.KillAndRestartAsync(slot, whileDown);
    }

    private async Task FreezeAsync(Random own, CancellationToken stop)
    {
        await fleet.FreezeAsync(own.Next(fleet.Count), TimeSpan.FromSeconds(options.LeaseSeconds) + FreezeMargin, time);
        await Task.Delay(AwakeMin, time, stop);
    }

    private Task CrashAsync(Random own, CancellationToken stop) => fleet.CrashStoreAsync(OutageMax * own.NextDouble(), time);

    private Task WaitUntilAsync(DateTimeOffset at, CancellationToken stop)
    {
        TimeSpan wait = at - time.GetUtcNow();
        return Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stop);
    }
}
