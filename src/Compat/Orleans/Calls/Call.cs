using System.Reflection;
using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Compat.Calls;

/// <summary>A call that could not be finished at once: who is called, with what, and who waits.</summary>
/// <remarks>
/// Answered exactly once: by the grain, by the response timeout, by the caller's cancellation or by the silo's stop. What the grain does
/// after somebody else answered is not seen by the caller, and still blocks the grain's other calls until it ends.
/// </remarks>
internal abstract class Call : WorkItem, IInvokable
{
    private Task? started;

    protected Call(MethodShape method, GrainReference target)
    {
        Method = method;
        Target = target;
    }

    internal MethodShape Method { get; }

    internal GrainReference Target { get; }

    /// <summary>Where the call runs or waits; changes when that activation ends before the call has started.</summary>
    internal Activation? Activation { get; set; }

    /// <summary>The grain that calls, or null when nobody asked or no grain does.</summary>
    internal GrainId? Source { get; set; }

    /// <summary>What the grain's code runs in. Set before the call is sent.</summary>
    internal ExecutionContext Flow { get; set; } = CallContext.Empty;

    /// <summary>Where the call stands among those that somebody waits for. Owned by <see cref="PendingCalls"/>.</summary>
    internal PendingSlot Pending;

    /// <summary>Null when the caller cannot cancel.</summary>
    internal CallCancellation? Cancellation { get; set; }

    internal abstract bool IsAnswered { get; }

    public virtual int GetArgumentCount() => 0;

    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public string GetMethodName() => Method.Name;

    public string GetInterfaceName() => Method.InterfaceName;

    public Type GetInterfaceType() => Method.InterfaceType;

    public MethodInfo GetMethod() => Method.Method;

    public TimeSpan? GetDefaultResponseTimeout() => Method.Timeout;

    public override string ToString() => $"{Method} on {Target.GrainId}";

    /// <summary>The first turn of the call.</summary>
    internal override void Run(Activation activation)
    {
        if (IsAnswered)
        {
            activation.EndCall(this);
            return;
        }

        CallContext.Enter(Flow);
        // ! A call starts only in an activation whose constructor has run.
        object grain = activation.GrainInstance!;
        Task task;
        try
        {
            task = activation.IsFiltered ? InvokeFiltered(new IncomingCall(this, activation)) : InvokeChecked(grain);
        }
        catch (Exception exception)
        {
            // A method that is not async throws before there is a task.
            task = Task.FromException(exception);
        }

        Follow(task);
    }

    /// <summary>Answers when the task ends. Called in a turn; the end is seen in a turn too.</summary>
    internal void Follow(Task task)
    {
        if (task.IsCompleted)
        {
            Finish(task);
            return;
        }

        started = task;
        task.GetAwaiter().UnsafeOnCompleted(FinishStarted);
    }

    /// <summary>Answers with an error instead of a result, unless somebody was faster.</summary>
    internal void Fail(Exception exception)
    {
        if (TryFail(exception))
        {
            Settle();
        }
    }

    /// <summary>Lets the caller go; the grain learns of it through its token.</summary>
    internal void Cancel(CancellationToken token)
    {
        if (TryCancel(token))
        {
            Target.Silo.Pending.Remove(this);
            Activation?.Enqueue(new CancelTurn(Cancellation));
        }
    }

    /// <summary>The token that the grain's method gets. Called by emitted code.</summary>
    internal CancellationToken GetCalleeToken() => Cancellation?.CalleeToken ?? CancellationToken.None;

    /// <summary>What to say of a method that returns null where a task belongs.</summary>
    internal static InvalidOperationException NoTask(MethodShape method) => new($"{method} returned null instead of a task.");

    /// <summary>Calls the grain's method and refuses a null.</summary>
    internal Task InvokeChecked(object grain) => Invoke(grain) ?? throw NoTask(Method);

    /// <summary>Calls the grain's method.</summary>
    public abstract Task Invoke(object grain);

    /// <summary>The result of a task that <see cref="Invoke"/> made and that has ended well, as a filter sees it.</summary>
    internal abstract object? ResultOf(Task task);

    protected abstract Task InvokeFiltered(IncomingCall call);

    protected abstract bool TryAnswer(Task task);

    protected abstract bool TryFail(Exception exception);

    protected abstract bool TryCancel(CancellationToken token);

    // ! Only registered after it was set.
    private void FinishStarted() => Finish(started!);

    private void Finish(Task task)
    {
        // ! Set when the activation accepted the call, or when the inline call was suspended.
        Activation activation = Activation!;
        activation.Observe(this, task);
        TryAnswer(task);
        Settle();
        activation.EndCall(this);
    }

    private void Settle()
    {
        Target.Silo.Pending.Remove(this);
        Cancellation?.Dispose();
    }
}
