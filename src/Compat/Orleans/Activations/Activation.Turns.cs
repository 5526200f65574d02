using Orleans.Compat.Calls;

namespace Orleans.Compat.Activations;

/// <content>Turns: at most one at a time, on the caller's thread when nobody else wants one, else on the thread pool in order.</content>
internal sealed partial class Activation : IThreadPoolWorkItem
{
    /// <summary>Turns run by one thread-pool item before it queues itself behind others, so that one busy grain does not own a thread.</summary>
    private const int TurnsPerDrainMax = 256;

    // See TurnWord. The other fields are meaningful only while it says Gated, and are guarded by the gate.
    private int word;
    private bool isTurnHeld;
    private WorkQueue turns;

    /// <summary>Runs queued turns. Called by the thread pool with the turn already held.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        SetSynchronizationContext(this);
        int ran = 0;
        WorkItem? item = TakeTurns();
        while (item is not null)
        {
            for (; item is not null; ran++)
            {
                WorkItem? next = item.Next;
                item.Next = null;
                item.Run(this);
                CallContext.Enter(CallContext.Empty);
                item = next;
            }

            if (ran >= TurnsPerDrainMax)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            }

            item = TakeTurns();
        }

        SetSynchronizationContext(null);
    }

    /// <summary>Queues a turn; the thread pool runs it unless somebody already holds the turn.</summary>
    internal void Enqueue(WorkItem item)
    {
        lock (gate)
        {
            EnterGated();
            turns.Enqueue(item);
            if (isTurnHeld)
            {
                return;
            }

            isTurnHeld = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Runs an item on this thread as the turn that the caller has taken, then gives the turn up.</summary>
    /// <param name="isNextToo">Run the first of what is queued by then, too?</param>
    private void RunHeldTurn(WorkItem item, bool isNextToo = false)
    {
        SynchronizationContext? contextBefore = SynchronizationContext.Current;
        ExecutionContext? flowBefore = ExecutionContext.Capture();
        SetSynchronizationContext(this);
        item.Run(this);
        if (isNextToo && TakeNextTurn() is { } next)
        {
            next.Run(this);
        }

        SetSynchronizationContext(contextBefore);
        if (flowBefore is not null)
        {
            CallContext.Enter(flowBefore);
        }

        LeaveTurn();
    }

    /// <summary>Gives the turn up: to the queue when something waits there.</summary>
    private void LeaveTurn()
    {
        lock (gate)
        {
            if (turns.IsEmpty)
            {
                ReleaseTurnGated();
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>The queued turns, linked in order; or null, and then the turn has been given up.</summary>
    private WorkItem? TakeTurns()
    {
        lock (gate)
        {
            WorkItem? item = turns.TakeAll();
            if (item is null)
            {
                ReleaseTurnGated();
            }

            return item;
        }
    }

    /// <summary>One queued turn, or null; the turn is still held.</summary>
    private WorkItem? TakeNextTurn()
    {
        lock (gate)
        {
            return turns.TakeFirst();
        }
    }

    private void ReleaseTurnGated()
    {
        isTurnHeld = false;
        if (running == 0 && life == Life.Valid)
        {
            Volatile.Write(ref word, TurnWord.Idle);
        }
    }

    /// <summary>Makes the gated fields say what the word said. Called behind the gate.</summary>
    private void EnterGated()
    {
        while (true)
        {
            int seen = Volatile.Read(ref word);
            if (seen == TurnWord.Gated)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref word, TurnWord.Gated, seen) == seen)
            {
                bool isInline = seen != TurnWord.Idle;
                isTurnHeld = isInline;
                running = isInline ? 1 : 0;
                blocking = null;
                blockade = isInline ? BlockadeOf(TurnWord.Traits(seen)) : Blockade.None;
                return;
            }
        }
    }
}
