using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary>What an exception of a store means for its batch.</summary>
internal enum LedgerFault
{
    /// <summary>Rolled back by a conflict with another writer: the same batch may pass at once.</summary>
    Conflict,

    /// <summary>The store is away; whether a commit under way succeeded is unknown. All works are idempotent: try again.</summary>
    Unreachable,

    /// <summary>One of the works cannot be written.</summary>
    Refused,
}

/// <summary>One database under the ledger. <see cref="Write"/>, <see cref="Load"/> and <see cref="Disconnect"/> are called by one thread at a time, <see cref="CatchUp"/> by any, meanwhile.</summary>
internal interface ILedgerStore
{
    /// <summary>A small <see cref="Write"/> is over in less than a millisecond: no network lies between.</summary>
    bool IsLocal { get; }

    /// <summary>Writes the whole batch in one transaction and sets the result of each work; commits or throws.</summary>
    void Write(WriteBatch batch);

    /// <summary>Begins new epochs and reads the accounts' numbers, in one transaction; sets the results; commits or throws.</summary>
    void Load(IReadOnlyList<LoadWork> loads);

    /// <summary>True when something was written that reads by others would not see yet.</summary>
    bool IsBehind { get; }

    /// <summary>True when that is so much that <see cref="CatchUp"/> should not wait for a quiet moment.</summary>
    bool IsFarBehind { get; }

    /// <summary>Lets everybody see what was written before the call; does nothing when they do.</summary>
    void CatchUp();

    LedgerFault Classify(Exception exception);

    /// <summary>Drops the connection after <see cref="LedgerFault.Unreachable"/>; the next call opens another.</summary>
    void Disconnect();

    Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken);

    Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken);

    Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken);

    /// <summary>Deletes at most <paramref name="countMax"/> windows that no running period can reach.</summary>
    /// <returns>How many were deleted.</returns>
    Task<int> PruneAsync(DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, int countMax, CancellationToken cancellationToken);
}
