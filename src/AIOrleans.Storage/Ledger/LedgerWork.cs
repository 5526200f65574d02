using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Storage.Ledger;

/// <summary>One call that waits for a transaction of the ledger.</summary>
/// <remarks>Answered exactly once: by the writer after its commit, by the watchdog when its time is up, or withdrawn while still queued.</remarks>
internal abstract class LedgerWork
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private int state;

    /// <summary>Timestamp of the clock when the call was queued.</summary>
    public long QueuedAtTimestamp { get; set; }

    /// <summary>Committed, and about to be answered. Guarded by the writer's lock.</summary>
    public bool IsWritten { get; set; }

    /// <summary>True when no request waits for it, so that it may wait for one that does and share its transaction.</summary>
    public virtual bool IsPatient => false;

    /// <summary>The caller has its answer: the work must not be tried again.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>The writer takes the work; false when the caller withdrew it before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Queued) == Queued;

    /// <summary>The caller gives up. Only queued work can be withdrawn: then nothing was written, and nothing will be.</summary>
    public void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref state, Withdrawn, Queued) == Queued)
        {
            Cancel(cancellationToken);
        }
    }

    /// <summary>Hands the result to the caller, whose code may go on within; only after the commit, and not on the writer's thread.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    protected abstract void Cancel(CancellationToken cancellationToken);
}

/// <summary>Work with a result that the store sets within the transaction.</summary>
internal abstract class LedgerWork<T> : LedgerWork
{
    // Completed by a pool thread, never by the writer's: a caller's code may run right there.
    private readonly TaskCompletionSource<T> completion = new();

    public Task<T> Task => completion.Task;

    public override bool IsAnswered => completion.Task.IsCompleted;

    /// <summary>Set by the store before it commits; overwritten when the transaction is tried again.</summary>
    public T? Result { get; set; }

    // ! A store that commits has set the result of every work of its batch.
    public override void Complete() => completion.TrySetResult(Result!);

    public override void Fail(Exception exception) => completion.TrySetException(exception);

    protected override void Cancel(CancellationToken cancellationToken) => completion.TrySetCanceled(cancellationToken);
}

internal sealed class LoadWork(AccountId account) : LedgerWork<AccountSnapshot>
{
    public AccountId Account { get; } = account;
}

internal sealed class HoldWork(HoldRow row) : LedgerWork<HoldOutcome>
{
    public HoldRow Row { get; } = row;
}

internal sealed class ExtendWork(HoldExtension extension) : LedgerWork<ExtendOutcome>
{
    public HoldExtension Extension { get; } = extension;

    /// <summary>What is saved with it: nothing unless it is recorded.</summary>
    public IReadOnlyList<BucketLevels> SavedBuckets => Result == ExtendOutcome.Recorded ? Extension.Buckets : [];
}

internal sealed class SettleWork(SettlementRow row) : LedgerWork<SettleOutcome>
{
    public SettlementRow Row { get; } = row;

    public override bool IsPatient => true;
}

internal sealed class RenewWork(IReadOnlyList<HoldId> holds, DateTimeOffset leaseUntil) : LedgerWork<IReadOnlyList<HoldId>>
{
    public IReadOnlyList<HoldId> Holds { get; } = holds;

    public DateTimeOffset LeaseUntil { get; } = leaseUntil;
}
