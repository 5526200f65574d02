using AIOrleans.Storage.Telemetry;

namespace AIOrleans.Storage.Ledger;

/// <summary>Has a store let others see what was written, while more is written.</summary>
internal sealed class CatchUpThread : IDisposable
{
    private readonly ILedgerStore store;
    private readonly LedgerTransactions transactions;
    private readonly TimeProvider clock;
    private readonly Thread thread;
    private readonly object gate = new();
    private bool isWanted;
    private bool isEnding;

    public CatchUpThread(ILedgerStore store, LedgerTransactions transactions, TimeProvider clock)
    {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        thread = new Thread(Run) { IsBackground = true, Name = "ledger-tables" };
    }

    /// <summary>Null: nobody measures.</summary>
    public LedgerMetrics? Metrics { get; init; }

    public void Start() => thread.Start();

    /// <summary>Catches up soon.</summary>
    public void Wake()
    {
        lock (gate)
        {
            isWanted = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Catches up for the last time. <see cref="Start"/> was called, and nobody writes any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isEnding = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
    }

    private void Run()
    {
        while (IsWanted())
        {
            CatchUp();
        }

        CatchUp();
    }

    /// <summary>Waits until it is.</summary>
    /// <returns>False at the end.</returns>
    private bool IsWanted()
    {
        lock (gate)
        {
            while (!isWanted && !isEnding)
            {
                Monitor.Wait(gate);
            }

            isWanted = false;
            return !isEnding;
        }
    }

    private void CatchUp()
    {
        if (!store.IsBehind)
        {
            return;
        }

        if (transactions.IsAway)
        {
            transactions.CatchUp();
            return;
        }

        try
        {
            long startedStamp = clock.GetTimestamp();
            store.CatchUp();
            Metrics?.CaughtUp(clock.GetElapsedTime(startedStamp));
        }
        catch (Exception)
        {
            // Whatever it was will be met again, by whom it is waited for.
            transactions.CatchUp();
        }
    }
}
