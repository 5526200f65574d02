using AIOrleans.Core.Ports;
using AIOrleans.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Ledger;

/// <summary>The one writer of this process: whatever has arrived becomes one transaction, and while it commits the next batch gathers.</summary>
/// <remarks>
/// Owns a thread, because committing blocks (fsync, network) and a blocked pool thread would delay requests. Only a lone caller of a local store commits
/// on its own thread: then nobody is delayed, and two changes of threads would take as long as the commit.
/// </remarks>
internal sealed class GroupCommit : IQueueDepth, IDisposable
{
    /// <summary>How long what was written may be seen by nobody else while there is nothing to write.</summary>
    private static readonly TimeSpan CatchUpDelay = TimeSpan.FromMilliseconds(50);

    private readonly ILedgerStore store;
    private readonly LedgerOptions options;
    private readonly TimeProvider clock;
    private readonly LedgerQueue queue;
    private readonly LedgerTransactions transactions;
    private readonly CatchUpThread catchUp;
    private readonly Thread thread;
    private readonly Lock startGate = new();
    private ITimer? watchdog;

    /// <param name="metrics">Null: nobody measures.</param>
    public GroupCommit(ILedgerStore store, LedgerOptions options, TimeProvider clock, ILogger<GroupCommit> logger, LedgerMetrics? metrics = null)
    {
        this.store = store;
        this.options = options;
        this.clock = clock;
        queue = new LedgerQueue(options.QueueMax);
        transactions = new LedgerTransactions(store, options, queue, clock, logger) { Metrics = metrics };
        catchUp = new CatchUpThread(store, transactions, clock) { Metrics = metrics };
        thread = new Thread(Run) { IsBackground = true, Name = "ledger" };
    }

    /// <summary>True when blocking the calling pool thread delays nobody: the little that waits for a thread has another core. Benchmark: holds.</summary>
    /// <remarks>A lone caller's own settlement is nearly always waiting; an empty queue would be too much to ask.</remarks>
    internal Func<bool> ThreadIsFree { get; init; } = static () => ThreadPool.PendingWorkItemCount < Environment.ProcessorCount;

    public bool IsAway => transactions.IsAway;

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
                watchdog = clock.CreateTimer(_ => transactions.FailLate(), null, period, period);
                catchUp.Start();
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
                catchUp.Dispose();
                watchdog.Dispose();
            }
        }
    }

    private void Run()
    {
        List<LedgerWork> batch = [];
        while (queue.Take(batch, options.BatchSizeMax, options.SettleDelayMax, store.IsBehind ? CatchUpDelay : null, () => !ThreadIsFree()))
        {
            transactions.Commit(batch);
            if (store.IsFarBehind || batch.Count == 0)
            {
                catchUp.Wake();
            }

            batch.Clear();
        }
    }

    /// <summary>Writes <paramref name="work"/> on the calling thread when nobody else wants the store, nor this thread.</summary>
    private bool TryCommitAlone(LedgerWork work) =>
        store.IsLocal && !work.IsPatient && work is not LoadWork && ThreadIsFree() && transactions.TryCommitNow(work);
}
