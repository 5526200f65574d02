using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;

namespace AIOrleans.Identity.Tests;

/// <summary>A directory store in memory, with the port's promises: growing revisions, all or nothing, refusal of stale writers.</summary>
internal sealed class MemoryStore : IDirectoryStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<(RecordKind, string), DirectoryRecord> records = [];
    private long revision;

    /// <summary>The newest revision.</summary>
    public long Revision
    {
        get
        {
            lock (gate)
            {
                return revision;
            }
        }
    }

    /// <summary>Reads begun so far.</summary>
    public int Reads { get; private set; }

    public bool IsUnreachable { get; set; }

    /// <summary>What a read waits for after it took its records; null: nothing.</summary>
    public Task? ReadDelay { get; set; }

    /// <summary>Runs before each write looks at the revision: the place where another process is faster.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>Loads of the whole directory begun so far.</summary>
    public int Loads { get; private set; }

    /// <summary>Runs when a load took its records: what another process writes meanwhile.</summary>
    public Action? DuringLoad { get; set; }

    public Task<long> LoadAsync(IRecordSink sink, CancellationToken cancellationToken)
    {
        long newest;
        lock (gate)
        {
            Loads++;
            newest = IsUnreachable ? throw new StoreUnavailableException("The test took it away.") : revision;
            foreach (DirectoryRecord record in records.Values.Where(record => !record.Deleted))
            {
                sink.Add(record.Kind, Encoding.UTF8.GetBytes(record.Id), Encoding.UTF8.GetBytes(record.Body));
            }
        }

        DuringLoad?.Invoke();
        return Task.FromResult(newest);
    }

    public async Task<IReadOnlyList<DirectoryRecord>> ReadAsync(long afterRevision, int countMax, CancellationToken cancellationToken)
    {
        List<DirectoryRecord> found;
        lock (gate)
        {
            Reads++;
            if (IsUnreachable)
            {
                throw new StoreUnavailableException("The test took it away.");
            }

            found = [.. records.Values.Where(record => record.Revision > afterRevision).OrderBy(record => record.Revision).Take(countMax)];
        }

        await (ReadDelay ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return found;
    }

    public Task<long?> WriteAsync(IReadOnlyList<DirectoryRecord> written, long? expectedRevision, CancellationToken cancellationToken)
    {
        BeforeWrite?.Invoke();
        lock (gate)
        {
            if (expectedRevision is { } expected && expected != revision)
            {
                return Task.FromResult<long?>(null);
            }

            foreach (DirectoryRecord record in written)
            {
                records[(record.Kind, record.Id)] = record with { Revision = ++revision };
            }

            return Task.FromResult<long?>(revision);
        }
    }
}
