using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Testing;

/// <summary>The outage journal in memory; it survives the host that a test stops, as a file does.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryJournal : IOutageJournal
{
    private readonly Lock gate = new();
    private readonly List<JournalRecord> records = [];

    /// <summary>Set by the test: the disk is full.</summary>
    public bool IsFull { get; set; }

    public bool HasRoom => !IsFull;

    public bool IsEmpty => Records.Count == 0;

    /// <summary>What a process that starts now would find.</summary>
    public IReadOnlyList<JournalRecord> Records
    {
        get
        {
            lock (gate)
            {
                return [.. records];
            }
        }
    }

    public Task<IReadOnlyList<JournalRecord>> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(Records);

    public Task<bool> TryAppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            return Task.FromResult(false);
        }

        lock (gate)
        {
            records.Add(record);
        }

        return Task.FromResult(true);
    }

    public void Clear()
    {
        lock (gate)
        {
            records.Clear();
        }
    }
}
