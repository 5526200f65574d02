using Orleans.Compat.Activations;

namespace Orleans.Compat.Calls;

/// <summary>Joins the caller's token to the callee's: the latter is cancelled in a turn of the callee, never beside one.</summary>
internal sealed class CallCancellation : IDisposable
{
    private readonly CancellationTokenSource callee = new();
    private CancellationTokenRegistration registration;

    internal CancellationToken CalleeToken => callee.Token;

    /// <summary>Lets the caller's token cancel the call from now on.</summary>
    internal void Join(Call call, CancellationToken caller) =>
        registration = caller.UnsafeRegister(static (call, token) => ((Call?)call)?.Cancel(token), call);

    internal void CancelCallee() => callee.Cancel();

    /// <summary>The call has ended: the grain's token stays as it is for ever.</summary>
    public void Dispose() => registration.Unregister();
}

/// <summary>Tells running grain code that its caller has gone.</summary>
internal sealed class CancelTurn : WorkItem
{
    private readonly CallCancellation? cancellation;

    internal CancelTurn(CallCancellation? cancellation) => this.cancellation = cancellation;

    internal override void Run(Activation activation)
    {
        try
        {
            cancellation?.CancelCallee();
        }
        catch (AggregateException exception)
        {
            // A callback that grain code registered on its token has thrown.
            activation.Silo.Log.UnobservedException(activation.GrainId, exception);
        }
    }
}
