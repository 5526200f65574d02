using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity;

/// <summary>The directory of this process: follows the store, and swaps one immutable snapshot for the next.</summary>
/// <remarks>Thread-safe. Reading <see cref="Current"/> never waits; refreshes run one at a time.</remarks>
public sealed class LiveDirectory(IDirectoryStore store, ISecretVault vault, ILogger<LiveDirectory> logger) : IDirectory, IDisposable
{
    /// <summary>Decisions made anew because another process wrote in between, before giving up.</summary>
    private const int AttemptsMax = 10;

    /// <summary>One that is more changes behind reads the whole directory anew, which costs less than so many changes, in time and in memory.</summary>
    private const int ChangesMax = 10_000;

    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile DirectorySnapshot current = DirectorySnapshot.Empty;

    /// <summary>Raised after each swap, in order, on the thread that refreshed. Handlers are quick and do no I/O; what one throws is logged.</summary>
    public event Action<DirectoryChange>? Changed;

    public DirectorySnapshot Current => current;

    /// <summary>Reads what the store has beyond <see cref="Current"/>.</summary>
    /// <exception cref="StoreUnavailableException">Nothing changed; the snapshot stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(cancellationToken);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>Writes <paramref name="records"/>, all or none, and returns when <see cref="Current"/> shows them.</summary>
    /// <param name="expectedRevision">Refuses when the store has another newest revision; null writes anyway.</param>
    /// <returns>False when refused: nothing was written, and <see cref="Current"/> shows what was in the way.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<DirectoryRecord> records, long? expectedRevision, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return true;
        }

        long? written = await store.WriteAsync(records, expectedRevision, cancellationToken);
        // A read begun before the write may miss it, so that joining one in flight is not enough.
        await RefreshAsync(cancellationToken);
        return written is not null;
    }

    /// <summary>Changes the directory as <paramref name="decide"/> says, deciding anew whenever another writer was faster.</summary>
    /// <param name="decide">Pure: from the newest snapshot to the records to write; none ends the change.</param>
    /// <returns>The records written.</returns>
    /// <exception cref="StoreUnavailableException">Other writers were faster every time, or the store cannot be reached.</exception>
    public async Task<IReadOnlyList<DirectoryRecord>> ChangeAsync(
        Func<DirectorySnapshot, IReadOnlyList<DirectoryRecord>> decide, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            DirectorySnapshot seen = Current;
            IReadOnlyList<DirectoryRecord> records = decide(seen);
            if (await WriteAsync(records, seen.Revision, cancellationToken))
            {
                return records;
            }
        }

        throw new StoreUnavailableException($"The directory changed {AttemptsMax} times while it was to be written; try again.");
    }

    public void Dispose() => refreshing.Dispose();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        DirectorySnapshot before = current;
        DirectorySnapshot start = before.Revision == 0 ? await LoadAsync(cancellationToken) : before;
        IReadOnlyList<DirectoryRecord> records = await store.ReadAsync(start.Revision, ChangesMax, cancellationToken);
        if (records.Count == ChangesMax)
        {
            // Small again: what was written since this load began.
            start = await LoadAsync(cancellationToken);
            records = await store.ReadAsync(start.Revision, int.MaxValue, cancellationToken);
        }

        DirectorySnapshot after = start.With(records, vault);
        if (after.Revision == before.Revision)
        {
            return;
        }

        current = after;
        foreach ((string record, string reason) in after.Unreadable.Except(before.Unreadable))
        {
            IdentityLog.Unreadable(logger, record, reason);
        }

        Announce(new DirectoryChange(before, after, records));
    }

    private async Task<DirectorySnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        var load = new DirectoryLoad();
        long revision = await store.LoadAsync(load, cancellationToken);
        return load.Finish(revision, vault);
    }

    private void Announce(DirectoryChange change)
    {
        foreach (Delegate handler in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<DirectoryChange>)handler)(change);
            }
#pragma warning disable CA1031 // An observer's fault must not keep the directory from its other observers.
            catch (Exception e)
#pragma warning restore CA1031
            {
                IdentityLog.ObserverFailed(logger, e);
            }
        }
    }
}
