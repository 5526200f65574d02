using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>A call whose method returns a value. Emitted classes add the arguments.</summary>
internal abstract class ResultCall<T> : Call
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected ResultCall(MethodShape method, GrainReference target)
        : base(method, target)
    {
    }

    /// <summary>What the caller awaits. Its continuations never run inside a turn of the callee.</summary>
    internal Task<T> Answer => answer.Task;

    internal override bool IsAnswered => answer.Task.IsCompleted;

    internal override object? ResultOf(Task task) => ((Task<T>)task).GetAwaiter().GetResult();

    protected override Task InvokeFiltered(IncomingCall call) => FilteredAsync(call);

    protected override bool TryAnswer(Task task) =>
        task is Task<T> typed ? answer.TrySetFromTask(typed)
        : task.IsCanceled ? answer.TrySetCanceled()
        // ! A task without a value that is not cancelled can only be the failure of a method that did not get as far as its task.
        : answer.TrySetException(task.Exception!.InnerExceptions);

    protected override bool TryFail(Exception exception) => answer.TrySetException(exception);

    protected override bool TryCancel(CancellationToken token) => answer.TrySetCanceled(token);

    private static async Task<T> FilteredAsync(IncomingCall call)
    {
        await call.Invoke();
        // ! A filter that sets null as the result of a value type gets the cast's own exception.
        return (T)call.Result!;
    }
}
