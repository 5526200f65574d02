using AIOrleans.Core.Silos;

namespace AIOrleans.Core.Ports;

/// <summary>Where the processes that share a store find each other, and hear of its changes.</summary>
public interface ISiloStore
{
    /// <summary>False where the store serves one process: then nobody else can change anything.</summary>
    bool IsShared { get; }

    /// <summary>Writes what <paramref name="silo"/> tells of itself, and that it was heard of now.</summary>
    /// <returns>The newest version in the store, as of the same moment.</returns>
    /// <exception cref="StoreUnavailableException">It may have been written.</exception>
    Task<StoreVersion> BeatAsync(SiloRecord silo, CancellationToken cancellationToken);

    /// <summary>The newest version in the store.</summary>
    Task<StoreVersion> ReadNewestAsync(CancellationToken cancellationToken);

    /// <summary>Every process that was heard of and has not left, by name.</summary>
    Task<IReadOnlyList<SeenSilo>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a run that serves nobody any more.</summary>
    Task LeaveAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Forgets runs that were not heard of for <paramref name="silence"/>.</summary>
    /// <returns>How many.</returns>
    Task<int> PruneAsync(TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>Listens until cancelled. Calls <paramref name="heard"/> once it listens, since anything may have happened before, and then after each change of the configuration.</summary>
    /// <param name="heard">Quick; does no I/O.</param>
    /// <exception cref="StoreUnavailableException">The connection could not be made, or broke.</exception>
    Task ListenAsync(Action heard, CancellationToken cancellationToken);
}
