using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Ports;

/// <summary>What happened while the ledger could not be reached, on this machine's own disk until the ledger has it.</summary>
/// <remarks>Thread-safe. Records keep their order; concurrent appends share a flush, and one that completed is durable.</remarks>
public interface IOutageJournal
{
    /// <summary>False when no further hold would be taken: it is full, or its disk fails.</summary>
    bool HasRoom { get; }

    /// <summary>True when it has nothing: the ledger knows everything that this process has let through.</summary>
    bool IsEmpty { get; }

    /// <summary>What an earlier process left, in order; damaged records are logged and left out. Once, before anything is appended.</summary>
    Task<IReadOnlyList<JournalRecord>> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Appends a record; false when it is full or its disk fails, and then the record is not in it.</summary>
    /// <remarks>A part of its room takes settlements only: what was let through can be recorded.</remarks>
    Task<bool> TryAppendAsync(JournalRecord record, CancellationToken cancellationToken);

    /// <summary>Forgets everything: the ledger has it.</summary>
    void Clear();
}
