using AIOrleans.Core.Ports;
using AIOrleans.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Ledger;

/// <summary>Makes the ledger's transactions, one at a time, and answers each of their works once: after its commit, or within the store timeout with <see cref="StoreUnavailableException"/>.</summary>
internal sealed class LedgerTransactions(ILedgerStore store, LedgerOptions options, LedgerQueue queue, TimeProvider clock, ILogger logger)
{
    /// <summary>Conflicts with other writers that a batch may meet before its works go one by one.</summary>
    private const int ConflictsMax = 5;

    /// <summary>Between two attempts to reach a store that is away: short, for it is local or a restart, and there is only one of us.</summary>
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(100);

    // Held for each transaction, by the writer's thread or by a lone caller.
    private readonly Lock writing = new();
    private readonly WorksUnderWay underWay = new();
    private bool storeIsAway;

    /// <summary>Null: nobody measures.</summary>
    public LedgerMetrics? Metrics { get; init; }

    public bool IsAway => Volatile.Read(ref storeIsAway);

    /// <summary>Writes and loads until every work of <paramref name="batch"/> is answered.</summary>
    public void Commit(List<LedgerWork> batch)
    {
        underWay.Begin(batch);
        lock (writing)
        {
            // Writes go first: a hold that is granted now is then visible to a load of the same batch, instead of being refused.
            Commit([.. batch.Where(work => work is not LoadWork)], works => store.Write(new WriteBatch(works)));
            Commit([.. batch.OfType<LoadWork>()], works => store.Load([.. works.Cast<LoadWork>()]));
        }

        underWay.End(batch);
    }

    /// <summary>Writes <paramref name="work"/> at once when nobody else wants the store.</summary>
    /// <returns>False when nothing was done, or a fault met that the writer's thread must see to.</returns>
    public bool TryCommitNow(LedgerWork work)
    {
        if (!writing.TryEnter())
        {
            return false;
        }

        List<LedgerWork> alone = [work];
        try
        {
            if (storeIsAway || !queue.IsCalm)
            {
                return false;
            }

            underWay.Begin(alone);
            RunOnce(alone, works => store.Write(new WriteBatch(works)));
            work.Complete();
            return true;
        }
        catch (Exception)
        {
            // Every work can be written twice: the writer's thread meets the same fault, and knows what to do about it.
            return false;
        }
        finally
        {
            underWay.End(alone);
            writing.Exit();
        }
    }

    /// <summary>Lets others see what was written, if something is not, while nobody writes. Where that fails nothing is lost, and it is tried again.</summary>
    public void CatchUp()
    {
        lock (writing)
        {
            if (!store.IsBehind)
            {
                return;
            }

            try
            {
                store.CatchUp();
                NoteReachable();
            }
            catch (Exception e)
            {
                if (store.Classify(e) == LedgerFault.Unreachable)
                {
                    AwaitStore(e);
                    return;
                }

                StorageLog.BehindRefused(logger, e);
                queue.Pause(ReconnectPause);
            }
        }
    }

    /// <summary>Refuses every work that has waited for longer than the store timeout.</summary>
    public void FailLate()
    {
        long latest = clock.GetTimestamp() - (long)(options.StoreTimeout.TotalSeconds * clock.TimestampFrequency);
        queue.RemoveQueuedBefore(latest).ForEach(Refuse);
        underWay.ForEachUnwritten(latest, Refuse);
    }

    /// <summary>Runs <paramref name="transaction"/> until all of <paramref name="works"/> are answered.</summary>
    private void Commit(List<LedgerWork> works, Action<List<LedgerWork>> transaction)
    {
        int conflicts = 0;
        while (works.Count > 0)
        {
            try
            {
                RunOnce(works, transaction);
                Answer(works);
                return;
            }
            catch (Exception e)
            {
                // The writer must outlive whatever a store throws: an exception here would end the thread, and with it the ledger.
                LedgerFault fault = store.Classify(e);
                if (fault == LedgerFault.Unreachable)
                {
                    AwaitStore(e);
                    works.RemoveAll(static work => work.IsAnswered);
                }
                else if (fault == LedgerFault.Refused || ++conflicts > ConflictsMax)
                {
                    FailOrCommitApart(works, transaction, e);
                    return;
                }
            }
        }
    }

    private void RunOnce(List<LedgerWork> works, Action<List<LedgerWork>> transaction)
    {
        long startedStamp = clock.GetTimestamp();
        transaction(works);
        Metrics?.Committed(works.Count, clock.GetElapsedTime(startedStamp), works[0] is LoadWork);
        NoteReachable();
        underWay.NoteWritten(works);
    }

    /// <summary>Hands out the results of a commit.</summary>
    private static void Answer(List<LedgerWork> works)
    {
        // Waking a thousand callers takes longer than a commit when cores are scarce: the next transaction does not wait for it.
        ThreadPool.UnsafeQueueUserWorkItem(static written => written.ForEach(static work => work.Complete()), works, preferLocal: false);
    }

    private void FailOrCommitApart(List<LedgerWork> works, Action<List<LedgerWork>> transaction, Exception exception)
    {
        if (works.Count > 1)
        {
            StorageLog.BatchTakenApart(logger, works.Count, exception);
            works.ForEach(work => Commit([work], transaction));
            return;
        }

        StorageLog.WorkRefused(logger, works[0].GetType().Name, exception);
        works[0].Fail(store.Classify(exception) == LedgerFault.Conflict
            ? new StoreUnavailableException("The ledger met other writers at every attempt.", exception)
            : exception);
    }

    private void AwaitStore(Exception exception)
    {
        if (!storeIsAway)
        {
            StorageLog.StoreAway(logger, exception.Message);
            storeIsAway = true;
        }

        store.Disconnect();
        queue.Pause(ReconnectPause);
        FailLate();
    }

    private void NoteReachable()
    {
        if (storeIsAway)
        {
            StorageLog.StoreBack(logger);
            storeIsAway = false;
        }
    }

    private void Refuse(LedgerWork late) => late.Fail(new StoreUnavailableException(
        $"The database did not answer within {options.StoreTimeoutSeconds} s (Ledger:StoreTimeoutSeconds)."));
}
