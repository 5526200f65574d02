using System.Diagnostics.CodeAnalysis;
using Orleans.Compat.Calls;

namespace Orleans.Compat.Activations;

/// <content>Calls: which may start now, and which wait for others to end.</content>
internal sealed partial class Activation
{
    // Guarded by the gate, like the turns. Invariant while valid: calls wait only while a blockade stands.
    private WorkQueue waiting;
    private int waitingCount;
    private int running;
    private Blockade blockade;

    /// <summary>The call that made the blockade; null while that is a call without an object.</summary>
    private Call? blocking;

    private int lastUsedQuantum;

    /// <summary>What running calls keep others from starting.</summary>
    private enum Blockade : byte
    {
        None,
        ReadOnly,
        Full,
    }

    /// <summary>Calls running and waiting. Read without the gate: good enough to choose the least busy of several workers.</summary>
    internal int Load => running + waitingCount;

    internal bool IsIdle => Volatile.Read(ref word) == TurnWord.Idle;

    /// <summary>Takes the turn for a call that the caller will run on its own thread, without an object for the call.</summary>
    /// <returns>False when anything else is going on; nothing has changed then.</returns>
    internal bool TryEnterInline(CallTraits traits, out InlineTurn turn)
    {
        int inline = TurnWord.Inline(traits | Class.Traits);
        if (IsInlineAllowed && Interlocked.CompareExchange(ref word, inline, TurnWord.Idle) == TurnWord.Idle)
        {
            Touch();
            turn = new InlineTurn(this, inline, SynchronizationContext.Current, ExecutionContext.Capture());
            CallContext.Enter(CallContext.ForCallee());
            SetSynchronizationContext(this);
            return true;
        }

        turn = default;
        return false;
    }

    /// <summary>Ends an inline call that has completed, and its turn.</summary>
    internal void EndInline(int inline)
    {
        if (Interlocked.CompareExchange(ref word, TurnWord.Idle, inline) != inline)
        {
            EndCall(null);
            LeaveTurn();
        }
    }

    /// <summary>Ends the turn of an inline call that goes on, and that <paramref name="call"/> stands for from now on.</summary>
    internal void SuspendInline(Call call)
    {
        lock (gate)
        {
            EnterGated();
            if (blockade != Blockade.None)
            {
                // Only the inline call itself can have made a blockade without an object.
                blocking ??= call;
            }
        }

        call.Activation = this;
    }

    internal void LeaveSuspendedInline() => LeaveTurn();

    /// <summary>Runs the call now, or queues it to be run.</summary>
    /// <param name="mayRunHere">May it run on this thread before the method returns?</param>
    /// <returns>False when the activation is gone: the call belongs to the next one.</returns>
    internal bool TryAccept(Call call, bool mayRunHere)
    {
        lock (gate)
        {
            EnterGated();
            if (life == Life.Gone)
            {
                return false;
            }

            call.Activation = this;
            if (life != Life.Valid || !MayStart(call))
            {
                waiting.Enqueue(call);
                waitingCount++;
                return true;
            }

            CountStarted(call);
            if (isTurnHeld || !mayRunHere)
            {
                turns.Enqueue(call);
            }

            if (isTurnHeld)
            {
                return true;
            }

            isTurnHeld = true;
        }

        if (mayRunHere)
        {
            RunHeldTurn(call);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    /// <summary>Notes that a started call has ended, and lets those start that waited for it. Called in a turn.</summary>
    /// <param name="call">Null for a call without an object.</param>
    internal void EndCall(Call? call)
    {
        lock (gate)
        {
            EnterGated();
            running--;
            if (ReferenceEquals(blocking, call))
            {
                blocking = null;
                blockade = Blockade.None;
            }

            if (life == Life.Valid)
            {
                StartWaitingGated();
            }
            else if (life == Life.Deactivating && running == 0)
            {
                turns.Enqueue(new DeactivationTurn());
            }
        }
    }

    /// <param name="isFirst">The activation has only just become valid, and calls that wait for nobody wait among the others.</param>
    private void StartWaitingGated(bool isFirst = false)
    {
        WorkItem? last = waiting.Tail;
        WorkItem? item = waiting.TakeAll();
        while (item is Call call)
        {
            if (blockade == Blockade.Full && !isFirst && Class.MayInterleave is null)
            {
                // Nobody behind can start either; scanning on would make a long queue cost its square.
                // ! The queue had a head, so it had a tail.
                waiting.Append(call, last!);
                return;
            }

            item = call.Next;
            if (MayStart(call))
            {
                waitingCount--;
                CountStarted(call);
                turns.Enqueue(call);
            }
            else
            {
                waiting.Enqueue(call);
            }
        }
    }

    private bool MayStart(Call call)
    {
        CallTraits traits = call.Method.Traits | Class.Traits;
        return blockade == Blockade.None
            || traits.HasFlag(CallTraits.Interleave)
            || (blockade == Blockade.ReadOnly && traits.HasFlag(CallTraits.ReadOnly))
            || (Class.MayInterleave is { } may && (may(GrainInstance, call) || (blocking is not null && may(GrainInstance, blocking))));
    }

    private void CountStarted(Call call)
    {
        running++;
        if (!call.Method.Traits.HasFlag(CallTraits.NoKeepAlive))
        {
            Touch();
        }

        if (blockade == Blockade.None)
        {
            blockade = BlockadeOf(call.Method.Traits | Class.Traits);
            blocking = blockade == Blockade.None ? null : call;
        }
    }

    private static Blockade BlockadeOf(CallTraits traits) =>
        traits.HasFlag(CallTraits.Interleave) ? Blockade.None : traits.HasFlag(CallTraits.ReadOnly) ? Blockade.ReadOnly : Blockade.Full;

    [SuppressMessage("Performance", "CA1822", Justification = "Reads the silo's clock.")]
    private void Touch()
    {
        // Written only when it changes: an unconditional write would make the cache line travel between the callers' cores.
        int now = Silo.Quantum;
        if (lastUsedQuantum != now)
        {
            lastUsedQuantum = now;
        }
    }
}
