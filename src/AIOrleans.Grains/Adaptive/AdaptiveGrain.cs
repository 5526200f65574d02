using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Adaptive;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Adaptive;

/// <summary>Keeps what the silos say of their load, for show.</summary>
internal sealed class AdaptiveGrain(
    [PersistentState("changes")] IPersistentState<AdaptiveHistoryState> history, TimeProvider time, ILogger<AdaptiveGrain> logger)
    : Grain, IAdaptiveGrain
{
    /// <summary>Changes kept: an hour of one silo that changes with every step, days of one that is left alone.</summary>
    private const int ChangesMax = 60;

    /// <summary>Steps shown: some minutes of a few silos.</summary>
    private const int RecentMax = 60;

    /// <summary>A silo that was not heard of for so long has stopped, or nothing is adaptive any more. The longest time between two samples is a minute.</summary>
    private static readonly TimeSpan HeardWithin = TimeSpan.FromMinutes(2);

    private readonly SortedDictionary<string, SiloLoad> silos = new(StringComparer.Ordinal);
    private readonly LinkedList<SiloStep> recent = new();

    public async Task ReportAsync(SiloLoad load)
    {
        silos[load.Silo] = load with { Step = null };
        if (load.Step is not { } step)
        {
            return;
        }

        recent.AddFirst(new SiloStep(load.Silo, step));
        if (recent.Count > RecentMax)
        {
            recent.RemoveLast();
        }

        if (step.IsChange)
        {
            await KeepAsync(load.Silo, step);
        }
    }

    public Task<AdaptiveView> ViewAsync()
    {
        DateTimeOffset oldest = time.GetUtcNow() - HeardWithin;
        foreach (string gone in silos.Values.Where(load => load.At < oldest).Select(load => load.Silo).ToList())
        {
            silos.Remove(gone);
        }

        return Task.FromResult(new AdaptiveView([.. silos.Values], [.. recent], [.. history.State.Changes.Select(change => change.ToStep())]));
    }

    private async Task KeepAsync(string silo, AdaptiveStep step)
    {
        List<AdaptiveChangeState> changes = history.State.Changes;
        changes.Insert(0, AdaptiveChangeState.Of(silo, step));
        changes.RemoveRange(Math.Min(ChangesMax, changes.Count), Math.Max(0, changes.Count - ChangesMax));
        try
        {
            await history.WriteStateAsync();
        }
        catch (Exception exception) when (exception is OrleansException or IOException or TimeoutException)
        {
            AdaptiveLog.NotKept(logger, exception);
        }
    }
}
