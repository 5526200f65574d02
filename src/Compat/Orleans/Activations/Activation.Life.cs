using Orleans.Compat.Calls;
using Orleans.Compat.State;

namespace Orleans.Compat.Activations;

/// <content>Life: activating → valid → deactivating → gone, or activating → gone when activation fails.</content>
internal sealed partial class Activation
{
    private Life life;

    private enum Life : byte
    {
        Activating,
        Valid,
        Deactivating,
        Gone,
    }

    /// <summary>Runs the first turn: constructor, state, <c>OnActivateAsync</c>. Called once, by whoever made the activation.</summary>
    /// <param name="first">The call that needs the activation. It waits from the start, so that a failure is its answer too.</param>
    internal void Begin(Call first, bool mayRunHere)
    {
        ActivationTurn turn = new(first.Flow);
        lock (gate)
        {
            first.Activation = this;
            waiting.Enqueue(first);
            waitingCount++;
            if (!mayRunHere)
            {
                turns.Enqueue(turn);
            }
        }

        if (mayRunHere)
        {
            RunHeldTurn(turn, isNextToo: true);
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    internal async Task ActivateAsync()
    {
        try
        {
            (object grain, IReadOnlyList<IStateToLoad> states) = Class.Construct(this);
            GrainInstance = grain;
            IsInlineAllowed = Class.IsInlineAllowed;
            foreach (IStateToLoad state in states)
            {
                await state.LoadAsync();
            }

            if (grain is IGrainBase instance && Class.HasOnActivate)
            {
                using CancellationTokenSource timeout = new(Silo.Collection.ActivationTimeout, Silo.Time);
                Task activating = instance.OnActivateAsync(timeout.Token);
                await (activating.IsCompleted ? activating : activating.WaitAsync(timeout.Token));
            }
        }
        catch (Exception exception)
        {
            // Whatever grain code throws is the answer to the calls that made it activate.
            Silo.Log.ActivationFailed(GrainId, exception);
            FailActivation(exception);
            return;
        }

        lock (gate)
        {
            life = endsFor is null ? Life.Valid : Life.Deactivating;
            if (life == Life.Valid)
            {
                StartWaitingGated(isFirst: true);
            }
            else
            {
                turns.Enqueue(new DeactivationTurn());
            }
        }
    }

    private void FailActivation(Exception exception)
    {
        WorkItem? item;
        lock (gate)
        {
            life = Life.Gone;
            item = waiting.TakeAll();
        }

        Class.Forget(this);
        DisposeTimers();
        extras?.Deactivated.TrySetResult();
        for (; item is Call call; item = call.Next)
        {
            call.Fail(exception);
        }
    }
}
