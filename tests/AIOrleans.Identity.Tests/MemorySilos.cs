using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;

namespace AIOrleans.Identity.Tests;

/// <summary>The processes of a store in memory, with the port's promises; one for all that share <paramref name="store"/>.</summary>
internal sealed class MemorySilos(MemoryStore store, TimeProvider clock) : ISiloStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (SiloRecord Silo, DateTimeOffset SeenAt)> rows = [];
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? heard;
    private int reads;

    public bool IsShared { get; set; } = true;

    public bool IsUnreachable { get; set; }

    /// <summary>Runs within a beat, after the store has answered and before the process has heard it.</summary>
    public Action? AfterBeat { get; set; }

    /// <summary>Beats and questions for the newest version so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Reads of the list so far.</summary>
    public int Reads => Volatile.Read(ref reads);

    public Task Listening => listening.Task;

    /// <summary>Announces a change to who listens.</summary>
    public void Tell() => heard?.Invoke();

    public Task<StoreVersion> BeatAsync(SiloRecord silo, CancellationToken cancellationToken)
    {
        StoreVersion newest = Look();
        lock (gate)
        {
            rows[silo.InstanceId] = (silo, clock.GetUtcNow());
        }

        AfterBeat?.Invoke();
        return Task.FromResult(newest);
    }

    public Task<StoreVersion> ReadNewestAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    public Task<IReadOnlyList<SeenSilo>> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        ThrowIfUnreachable();
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<SeenSilo>>([.. rows.Values.Select(row => new SeenSilo(row.Silo, row.SeenAt, clock.GetUtcNow() - row.SeenAt))]);
        }
    }

    public Task LeaveAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            rows.Remove(instanceId);
        }

        return Task.CompletedTask;
    }

    public Task<int> PruneAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        ThrowIfUnreachable();
        return Task.FromResult(0);
    }

    public Task ListenAsync(Action heard, CancellationToken cancellationToken)
    {
        this.heard = heard;
        heard();
        listening.TrySetResult();
        return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private StoreVersion Look()
    {
        Looks++;
        ThrowIfUnreachable();
        return new StoreVersion(store.Revision, 0);
    }

    private void ThrowIfUnreachable()
    {
        if (IsUnreachable)
        {
            throw new StoreUnavailableException("The test took it away.");
        }
    }
}
