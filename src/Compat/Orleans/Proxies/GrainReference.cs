using System.Runtime.CompilerServices;
using Orleans.Compat.Activations;
using Orleans.Compat.Calls;
using Orleans.Compat.Hosting;

namespace Orleans.Runtime;

/// <summary>Base of the proxies that grain factories hand out. Equal when they name the same grain by the same interface.</summary>
/// <remarks>
/// A proxy's method first tries to run the grain's method on the caller's thread without any object (<see cref="TryEnter"/>,
/// <see cref="Leave{T}"/>); only when the grain is busy, or a filter wants to see the call, is there a call object that can wait.
/// </remarks>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    // ! Both are set by Bind before anybody else sees the reference.
    private GrainClass grainClass = null!;
    private Activation? activation;

    public GrainId GrainId => new(grainClass.Type, Key);

    internal IdSpan Key { get; private set; }

    internal Silo Silo => grainClass.Silo;

    public bool Equals(GrainReference? other) => other is not null && other.GetType() == GetType() && other.GrainId == GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";

    internal void Bind(GrainClass target, IdSpan key)
    {
        grainClass = target;
        Key = key;
    }

    internal GrainReference As(Type interfaceType) => interfaceType.IsInstanceOfType(this) ? this : Silo.Factory.Reference(interfaceType, grainClass, Key);

    /// <summary>The activation to send to; made for the call when there is none, and then <paramref name="isTaken"/>.</summary>
    /// <exception cref="SiloUnavailableException">There is none, and the silo is stopping.</exception>
    internal Activation Resolve(Call call, bool mayRunHere, out bool isTaken)
    {
        isTaken = false;
        if (grainClass.WorkersMax > 0)
        {
            return grainClass.WorkersOf(Key).Choose(call, mayRunHere, out isTaken);
        }

        return activation ??= grainClass.FindOrActivate(Key, call, mayRunHere, out isTaken);
    }

    /// <summary>The activation has gone; the next <see cref="Resolve"/> looks anew.</summary>
    internal void Forget(Activation gone)
    {
        grainClass.Forget(gone);
        Interlocked.CompareExchange(ref activation, null, gone);
    }

    internal bool TryEnter(MethodShape method, out InlineTurn turn)
    {
        Activation? found = activation ?? FindForInline();
        if (found is not null && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return found.TryEnterInline(method.Traits, out turn);
        }

        turn = default;
        return false;
    }

    internal Task<T> Leave<T>(MethodShape method, in InlineTurn turn, Task<T>? task)
    {
        if (task is { IsCompletedSuccessfully: true })
        {
            turn.End();
            return task;
        }

        return LeaveUnfinished(method, turn, task);
    }

    internal Task LeaveVoid(MethodShape method, in InlineTurn turn, Task? task)
    {
        if (task is { IsCompletedSuccessfully: true })
        {
            turn.End();
            return task;
        }

        return LeaveUnfinishedVoid(method, turn, task);
    }

    internal ValueTask<T> LeaveValue<T>(MethodShape method, in InlineTurn turn, ValueTask<T> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            turn.End();
            return task;
        }

        return new ValueTask<T>(LeaveUnfinished(method, turn, task.AsTask()));
    }

    internal ValueTask LeaveValueVoid(MethodShape method, in InlineTurn turn, ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            turn.End();
            return task;
        }

        return new ValueTask(LeaveUnfinishedVoid(method, turn, task.AsTask()));
    }

    internal Task<T> Send<T>(ResultCall<T> call, CancellationToken token)
    {
        SendTo(call, token);
        return call.Answer;
    }

    internal Task SendVoid(VoidCall call, CancellationToken token)
    {
        SendTo(call, token);
        return call.Method.Traits.HasFlag(CallTraits.OneWay) ? Task.CompletedTask : call.Answer;
    }

    private Task<T> LeaveUnfinished<T>(MethodShape method, in InlineTurn turn, Task<T>? task)
    {
        task ??= Task.FromException<T>(Call.NoTask(method));
        if (task.IsCompleted)
        {
            turn.Activation.Observe(null, task);
            turn.End();
            return task;
        }

        SuspendedResultCall<T> call = new(method, this);
        Suspend(call, turn, task);
        return call.Answer;
    }

    private Task LeaveUnfinishedVoid(MethodShape method, in InlineTurn turn, Task? task)
    {
        task ??= Task.FromException(Call.NoTask(method));
        if (task.IsCompleted)
        {
            turn.Activation.Observe(null, task);
            turn.End();
            return task;
        }

        SuspendedVoidCall call = new(method, this);
        Suspend(call, turn, task);
        return call.Answer;
    }

    private void Suspend(Call call, in InlineTurn turn, Task task)
    {
        turn.Activation.SuspendInline(call);
        call.Follow(task);
        turn.Suspend();
        Silo.Pending.Add(call);
    }

    private void SendTo(Call call, CancellationToken token)
    {
        call.Flow = CallContext.ForCallee();
        call.Source = Activation.Current?.GrainId;
        if (token.CanBeCanceled)
        {
            call.Cancellation = new CallCancellation();
            call.Cancellation.Join(call, token);
            if (call.IsAnswered)
            {
                return;
            }
        }

        Silo.Dispatch(call, !call.Method.Traits.HasFlag(CallTraits.OneWay) && RuntimeHelpers.TryEnsureSufficientExecutionStack());
    }

    private Activation? FindForInline() =>
        grainClass.WorkersMax > 0 ? grainClass.WorkersOf(Key).FindIdle() : activation = grainClass.Find(Key);
}
