namespace AIOrleans.Storage.Ledger;

/// <summary>Bounded first-in first-out queue between any number of callers and one writer thread.</summary>
internal sealed class LedgerQueue(int countMax)
{
    private readonly object gate = new();
    private readonly Queue<LedgerWork> waiting = new();
    private bool closed;

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
            if (waiting.Count == 1)
            {
                Monitor.Pulse(gate);
            }

            return true;
        }
    }

    /// <summary>Moves up to <paramref name="batchMax"/> works to the empty <paramref name="batch"/>; blocks until there is one.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<LedgerWork> batch, int batchMax, TimeSpan delay)
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (closed)
                {
                    return false;
                }

                Monitor.Wait(gate);
            }

            if (delay > TimeSpan.Zero && waiting.Count < batchMax && !closed)
            {
                Monitor.Wait(gate, delay);
            }

            while (batch.Count < batchMax && waiting.TryDequeue(out LedgerWork? work))
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
                waiting.Dequeue();
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
}
