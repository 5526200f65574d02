using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>A call whose method returns no value. Emitted classes add the arguments.</summary>
internal abstract class VoidCall : Call
{
    private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected VoidCall(MethodShape method, GrainReference target)
        : base(method, target)
    {
    }

    /// <inheritdoc cref="ResultCall{T}.Answer"/>
    internal Task Answer => answer.Task;

    internal override bool IsAnswered => answer.Task.IsCompleted;

    internal override object? ResultOf(Task task) => null;

    protected override Task InvokeFiltered(IncomingCall call) => call.Invoke();

    protected override bool TryAnswer(Task task) => answer.TrySetFromTask(task);

    protected override bool TryFail(Exception exception) => answer.TrySetException(exception);

    protected override bool TryCancel(CancellationToken token) => answer.TrySetCanceled(token);
}
