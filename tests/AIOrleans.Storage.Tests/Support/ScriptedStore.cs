using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Tests.Support;

internal sealed class ScriptedFault(LedgerFault fault) : Exception
{
    public LedgerFault Fault { get; } = fault;
}

/// <summary>A ledger store that does what a test tells it.</summary>
internal sealed class ScriptedStore : ILedgerStore
{
    /// <summary>Reset: transactions wait.</summary>
    public ManualResetEventSlim Open { get; } = new(initialState: true);

    /// <summary>Released when a transaction has begun.</summary>
    public SemaphoreSlim Entered { get; } = new(0);

    public bool IsLocal { get; init; }

    /// <summary>Works of each transaction, failed ones included.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>The thread of each transaction.</summary>
    public List<int> WritingThreads { get; } = [];

    /// <summary>One for each transaction to come, before those that succeed.</summary>
    public Queue<LedgerFault> Faults { get; } = new();

    public int Disconnects { get; private set; }

    private readonly Queue<LedgerFault> later = new();

    /// <summary>For the transactions after the one under way.</summary>
    public void FaultsAfterFirst(params ReadOnlySpan<LedgerFault> faults)
    {
        foreach (LedgerFault fault in faults)
        {
            later.Enqueue(fault);
        }
    }

    public void Write(WriteBatch batch)
    {
        BatchSizes.Add(batch.Holds.Count + batch.Settlements.Count);
        WritingThreads.Add(Environment.CurrentManagedThreadId);
        bool fails = Faults.TryDequeue(out LedgerFault fault) || (BatchSizes.Count > 1 && later.TryDequeue(out fault));
        Entered.Release();
        Open.Wait();
        if (fails)
        {
            throw new ScriptedFault(fault);
        }

        IsBehind = KeepsLog;
        batch.Holds.ForEach(work => work.Result = HoldOutcome.Recorded);
        batch.Settlements.ForEach(work => work.Result = SettleOutcome.Settled);
    }

    public void Load(IReadOnlyList<LoadWork> loads) => throw new NotSupportedException();

    /// <summary>True: what it writes is behind until it catches up.</summary>
    public bool KeepsLog { get; init; }

    /// <summary>True: each write is so much that catching up does not wait.</summary>
    public bool IsAlwaysFarBehind { get; init; }

    /// <summary>Reset: catching up waits.</summary>
    public ManualResetEventSlim CatchUpOpen { get; } = new(initialState: true);

    /// <summary>Released when it has begun to catch up.</summary>
    public SemaphoreSlim CatchUpEntered { get; } = new(0);

    /// <summary>Released when it has caught up.</summary>
    public SemaphoreSlim CaughtUp { get; } = new(0);

    /// <summary>One for each attempt to catch up, before those that succeed.</summary>
    public Queue<LedgerFault> CatchUpFaults { get; } = new();

    public bool IsBehind { get; private set; }

    public bool IsFarBehind => IsBehind && IsAlwaysFarBehind;

    public void CatchUp()
    {
        CatchUpEntered.Release();
        CatchUpOpen.Wait();
        if (CatchUpFaults.TryDequeue(out LedgerFault fault))
        {
            throw new ScriptedFault(fault);
        }

        IsBehind = false;
        CaughtUp.Release();
    }

    public LedgerFault Classify(Exception exception) => ((ScriptedFault)exception).Fault;

    public void Disconnect() => Disconnects++;

    public Task<IReadOnlyList<DurableHold>> ReadExpiredAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<UsageEvent>> ReadReplacedAsync(TimeSpan reach, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<UsageEvent>> ReadEventsAsync(long afterSequence, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> PruneAsync(DateTimeOffset minutesBefore, DateTimeOffset hoursBefore, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
