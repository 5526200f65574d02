using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Watch;

/// <summary>Kills gateways at random moments, about so often, and starts them again.</summary>
internal sealed class Killer(ChaosOptions options, Fleet fleet, Func<Task> whileDown, TimeProvider time)
{
    /// <summary>Least time that a gateway gets between its start and its end: less would test starting.</summary>
    private static readonly TimeSpan LifeMin = TimeSpan.FromSeconds(1.5);

    private readonly Random dice = new(options.Seed);

    public async Task RunAsync(CancellationToken stop)
    {
        if (options.KillEverySeconds == 0)
        {
            return;
        }

        DateTimeOffset nextAt = time.GetUtcNow();
        try
        {
            while (true)
            {
                nextAt += TimeSpan.FromSeconds(options.KillEverySeconds) * (0.7 + (dice.NextDouble() * 0.6));
                int slot = dice.Next(fleet.Count);
                GatewayLife life = await fleet.CurrentAsync(slot);
                DateTimeOffset earliestAt = life.ReadyAt + LifeMin;
                TimeSpan wait = (nextAt > earliestAt ? nextAt : earliestAt) - time.GetUtcNow();
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stop);
                await fleet.KillAndRestartAsync(slot, whileDown);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over, and the gateways live.
        }
    }
}
