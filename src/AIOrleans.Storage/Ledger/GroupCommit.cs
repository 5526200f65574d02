using AIOrleans.Core.Ports;
using AIOrleans.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Ledger;

/// <summary>The one writer of this process: whatever has arrived becomes one transaction, and while it commits the next batch gathers.</summary>
/// <remarks>
/// Owns a thread, because committing blocks (fsync, network) and a blocked pool thread would delay requests. Only a lone caller of a local store commits
/// on its own thread: then nobody is delayed, and two changes of threads would take as long as the commit.
/// Answers every work: after its commit, or within the store timeout with <see cref="StoreUnavailableException"/>.
/// </remarks>
internal sealed class GroupCommit : IQueueDepth, IDisposable
{
    /// <summary>Conflicts with other writers that a batch may meet before its works go one by one.</summary>
    private const int ConflictsMax = 5;

    /// <summary>Between two attempts to reach a store that is away: short, for it is local or a restart, and there is only one of us.</summary>
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(100);

    private readonly ILedgerStore store;
    private readonly LedgerOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<GroupCommit> logger;
    private readonly LedgerQueue queue;
    private readonly Thread thread;
    private readonly Lock startGate = new();

    // Held for each transaction, by the writer's thread or by a lone caller.
    private readonly Lock writing = new();
    private readonly WorksUnderWay underWay = new();
    private ITimer? watchdog;
    private bool storeIsAway;

    public GroupCommit(ILedgerStore store, LedgerOptions options, TimeProvider clock, ILogger<GroupCommit> logger)
    {
        this.store = store;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
        queue = new LedgerQueue(options.QueueMax);
        thread = new Thread(Run) { IsBackground = true, Name = "ledger" };
    }

    /// <summary>True when blocking the calling pool thread delays nobody: the little that waits for a thread has another core. Benchmark: holds.</summary>
    /// <remarks>A lone caller's own settlement is nearly always waiting; an empty queue would be too much to ask.</remarks>
    internal Func<bool> ThreadIsFree { get; init; } = static () => ThreadPool.PendingWorkItemCount < Environment.ProcessorCount;

    /// <summary>Null: nobody measures.</summary>
    internal LedgerMetrics? Metrics { get; init; }

    public bool IsAway => Volatile.Read(ref storeIsAway);

    QueuedWork IQueueDepth.Work => QueuedWork.Ledger;

    /// <summary>Works that wait for a transaction.</summary>
    int IQueueDepth.Count => queue.Count;

    /// <summary>Begins to write; the schema must be ready. Later calls do nothing.</summary>
    public void Start()
    {
        lock (startGate)
        {
            if (watchdog is null)
            {
                TimeSpan period = options.StoreTimeout / 20;
                watchdog = clock.CreateTimer(_ => FailLateWorks(), null, period, period);
                thread.Start();
            }
        }
    }

    /// <summary>Queues <paramref name="work"/> for the next transaction.</summary>
    /// <exception cref="StoreUnavailableException">The queue is full or shut down: nothing was written.</exception>
    public void Add(LedgerWork work)
    {
        if (watchdog is null)
        {
            throw new InvalidOperationException("The ledger is used before IStorageStartup.PrepareAsync has completed.");
        }

        work.QueuedAtTimestamp = clock.GetTimestamp();
        if (!TryCommitAlone(work) && !queue.TryAdd(work))
        {
            throw new StoreUnavailableException("The ledger's queue is full: the database is slower than its callers, or the process is shutting down.");
        }
    }

    /// <summary>Writes what is queued, then ends the writer.</summary>
    public void Dispose()
    {
        queue.Close();
        lock (startGate)
        {
            if (watchdog is not null)
            {
                thread.Join();
                watchdog.Dispose();
            }
        }
    }

    private void Run()
    {
        List<LedgerWork> batch = [];
        while (queue.Take(batch, options.BatchSizeMax, options.SettleDelayMax, () => !ThreadIsFree()))
        {
            underWay.Begin(batch);
            lock (writing)
            {
                // Writes go first: a hold that is granted now is then visible to a load of the same batch, instead of being refused.
                Commit([.. batch.Where(work => work is not LoadWork)], works => store.Write(new WriteBatch(works)));
                Commit([.. batch.OfType<LoadWork>()], works => store.Load([.. works.Cast<LoadWork>()]));
            }

            underWay.End(batch);
            batch.Clear();
        }
    }

    /// <summary>Writes <paramref name="work"/> on the calling thread when nobody else wants the store, nor this thread.</summary>
    /// <returns>False when nothing was done, or a fault met that the writer's thread must see to. Benchmark: holds.</returns>
    private bool TryCommitAlone(LedgerWork work)
    {
        if (!store.IsLocal || work.IsPatient || work is LoadWork || !ThreadIsFree() || !writing.TryEnter())
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
            long startedStamp = clock.GetTimestamp();
            store.Write(new WriteBatch(alone));
            Metrics?.Committed(1, clock.GetElapsedTime(startedStamp), isLoad: false);
            Answer(alone);
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

    /// <summary>Runs <paramref name="transaction"/> until all of <paramref name="works"/> are answered.</summary>
    private void Commit(List<LedgerWork> works, Action<List<LedgerWork>> transaction)
    {
        int conflicts = 0;
        while (works.Count > 0)
        {
            try
            {
                long startedStamp = clock.GetTimestamp();
                transaction(works);
                Metrics?.Committed(works.Count, clock.GetElapsedTime(startedStamp), works[0] is LoadWork);
                NoteReachable();
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

    /// <summary>Hands out the results of a commit.</summary>
    private void Answer(List<LedgerWork> works)
    {
        underWay.NoteWritten(works);
        if (works.Count == 1)
        {
            works[0].Complete();
            return;
        }

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
        FailLateWorks();
    }

    private void NoteReachable()
    {
        if (storeIsAway)
        {
            StorageLog.StoreBack(logger);
            storeIsAway = false;
        }
    }

    private void FailLateWorks()
    {
        long latest = clock.GetTimestamp() - (long)(options.StoreTimeout.TotalSeconds * clock.TimestampFrequency);
        queue.RemoveQueuedBefore(latest).ForEach(Refuse);
        underWay.ForEachUnwritten(latest, Refuse);
    }

    private void Refuse(LedgerWork late) => late.Fail(new StoreUnavailableException(
        $"The database did not answer within {options.StoreTimeoutSeconds} s (Ledger:StoreTimeoutSeconds)."));
}
