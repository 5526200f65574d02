using System.Diagnostics.CodeAnalysis;

namespace AIOrleans.Storage.Ledger;

/// <summary>Bounded first-in first-out queue between any number of callers and one writer thread.</summary>
internal sealed class LedgerQueue(int countMax)
{
    /// <summary>As many share a transaction well enough.</summary>
    private const int GatheredMin = 16;

    /// <summary>The shortest wait there is.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(1);

    private readonly object gate = new();
    private readonly Queue<LedgerWork> waiting = new();
    private int urgentCount;
    private bool closed;

    /// <summary>True while it is open and no work waits that somebody waits for.</summary>
    public bool IsCalm
    {
        get
        {
            lock (gate)
            {
                return urgentCount == 0 && !closed;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Queues <paramref name="work"/>; false when the queue is full or closed.</summary>
    public bool TryAdd(LedgerWork work)
    {
        lock (gate)
        {
            if (closed || waiting.Count >= countMax)
            {
                return false;
            }

            waiting.Enqueue(work);
            bool wakes = waiting.Count == 1;
            if (!work.IsPatient)
            {
                wakes |= urgentCount++ == 0;
            }

            if (wakes)
            {
                Monitor.Pulse(gate);
            }

            return true;
        }
    }

    /// <summary>Moves up to <paramref name="batchMax"/> works to the empty <paramref name="batch"/>; blocks until there is one, or <paramref name="idleMax"/> has passed without.</summary>
    /// <param name="patience">How long works that nobody waits for may wait for one that somebody does.</param>
    /// <param name="idleMax">How long to wait for a work; null for as long as it takes.</param>
    /// <param name="isBusy">True while the process has more to do than processors: then callers are on their way here that could share the transaction, and it is worth a millisecond to wait for them.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<LedgerWork> batch, int batchMax, TimeSpan patience, TimeSpan? idleMax, Func<bool> isBusy)
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (closed)
                {
                    return false;
                }

                if (!Monitor.Wait(gate, idleMax ?? Timeout.InfiniteTimeSpan))
                {
                    return true;
                }
            }

            if (urgentCount == 0 && patience > TimeSpan.Zero && waiting.Count < batchMax && !closed)
            {
                Monitor.Wait(gate, patience);
            }
            else if (waiting.Count < GatheredMin && !closed && isBusy())
            {
                Monitor.Wait(gate, GatherTime);
            }

            while (batch.Count < batchMax && TryDequeue(out LedgerWork? work))
            {
                if (work.TryTake())
                {
                    batch.Add(work);
                }
            }

            return true;
        }
    }

    /// <summary>Removes and returns the works that were queued before <paramref name="timestamp"/>.</summary>
    public List<LedgerWork> RemoveQueuedBefore(long timestamp)
    {
        List<LedgerWork> late = [];
        lock (gate)
        {
            while (waiting.TryPeek(out LedgerWork? work) && work.QueuedAtTimestamp < timestamp)
            {
                TryDequeue(out _);
                if (work.TryTake())
                {
                    late.Add(work);
                }
            }
        }

        return late;
    }

    /// <summary>Refuses further work; what is queued is still taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for <paramref name="time"/>, or until work comes.</summary>
    public void Pause(TimeSpan time)
    {
        lock (gate)
        {
            Monitor.Wait(gate, time);
        }
    }

    private bool TryDequeue([NotNullWhen(true)] out LedgerWork? work)
    {
        if (!waiting.TryDequeue(out work))
        {
            return false;
        }

        urgentCount -= work.IsPatient ? 0 : 1;
        return true;
    }
}
