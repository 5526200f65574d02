using Orleans.Compat.Calls;
using Orleans.Compat.Timers;

namespace Orleans.Compat.Activations;

/// <content>The end: asked for by the grain, the collector of idle ones, an error, or the silo's stop.</content>
internal sealed partial class Activation
{
    private static readonly DeactivationReason Idleness = new(DeactivationReasonCode.ActivationIdle, "The activation has been idle for longer than its collection age.");

    /// <summary>Why the activation ends; null while nobody has asked for it. Guarded by the gate.</summary>
    private DeactivationCause? endsFor;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (endsFor is not null || life == Life.Gone)
            {
                return;
            }

            EnterGated();
            endsFor = new DeactivationCause(deactivationReason, cancellationToken);
            if (!TryBeginEndGated())
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Deactivates when nothing runs or waits, and the last use is older than the class allows.</summary>
    internal void CollectIfIdle()
    {
        if (!IsIdle || !IsTooOld())
        {
            return;
        }

        lock (gate)
        {
            EnterGated();
            if (isTurnHeld || running > 0 || life != Life.Valid || !IsTooOld())
            {
                // Somebody came in between. Whoever holds the turn makes the word idle again; if nobody does, we have to.
                if (!isTurnHeld)
                {
                    ReleaseTurnGated();
                }

                return;
            }

            endsFor = new DeactivationCause(Idleness, CancellationToken.None);
            TryBeginEndGated();
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    internal void DelayDeactivation(TimeSpan atLeast)
    {
        long now = Silo.Time.GetTimestamp();
        Extras.KeptUntil = atLeast == Timeout.InfiniteTimeSpan ? long.MaxValue
            : atLeast <= TimeSpan.Zero ? long.MinValue
            : now + (long)(atLeast.TotalSeconds * Silo.Time.TimestampFrequency);
    }

    internal async Task EndAsync()
    {
        // ! Set before the turn that gets here is queued.
        DeactivationCause cause = endsFor!;
        DisposeTimers();
        try
        {
            if (GrainInstance is IGrainBase grain && Class.HasOnDeactivate)
            {
                using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cause.CancellationToken);
                using ITimer deadline = Silo.Time.CreateTimer(
                    static source => ((CancellationTokenSource?)source)?.Cancel(), timeout, Silo.Collection.DeactivationTimeout, Timeout.InfiniteTimeSpan);
                Task ending = grain.OnDeactivateAsync(cause.Reason, timeout.Token);
                await (ending.IsCompleted ? ending : ending.WaitAsync(timeout.Token));
            }

            await DisposeGrainAsync();
        }
        catch (Exception exception)
        {
            // Grain code's last words cannot be allowed to keep the grain from its next activation.
            Silo.Log.DeactivationFailed(GrainId, exception);
        }

        FinishEnd();
    }

    private async ValueTask DisposeGrainAsync()
    {
        if (GrainInstance is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else if (GrainInstance is IDisposable disposable)
        {
            disposable.Dispose();
        }

        if (scope is { } services)
        {
            await services.DisposeAsync();
        }
    }

    private void FinishEnd()
    {
        WorkItem? item;
        lock (gate)
        {
            life = Life.Gone;
            item = waiting.TakeAll();
        }

        Class.Forget(this);
        extras?.Deactivated.TrySetResult();
        while (item is Call call)
        {
            item = call.Next;
            call.Next = null;
            Silo.Dispatch(call, mayRunHere: false);
        }
    }

    /// <returns>True when the caller now holds the turn and has to schedule the drain.</returns>
    private bool TryBeginEndGated()
    {
        if (life == Life.Activating)
        {
            return false;
        }

        life = Life.Deactivating;
        if (running > 0)
        {
            return false;
        }

        turns.Enqueue(new DeactivationTurn());
        if (isTurnHeld)
        {
            return false;
        }

        isTurnHeld = true;
        return true;
    }

    private bool IsTooOld() =>
        Silo.Quantum - Volatile.Read(ref lastUsedQuantum) > Class.CollectionAgeQuanta
        && (extras is null || extras.KeptUntil < Silo.Time.GetTimestamp());

    private void DisposeTimers()
    {
        if (extras is null)
        {
            return;
        }

        GrainTimer[] timers;
        lock (extras.Timers)
        {
            timers = [.. extras.Timers];
        }

        foreach (GrainTimer timer in timers)
        {
            timer.Dispose();
        }
    }
}
