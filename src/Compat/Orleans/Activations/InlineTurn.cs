using Orleans.Compat.Calls;

namespace Orleans.Compat.Activations;

/// <summary>A turn that a caller holds on its own thread, and what that thread was doing before.</summary>
/// <remarks>Public only because emitted proxies keep it in a local variable.</remarks>
public readonly struct InlineTurn
{
    private readonly Activation activation;
    private readonly SynchronizationContext? contextBefore;
    private readonly ExecutionContext? flowBefore;
    private readonly int word;

    internal InlineTurn(Activation activation, int word, SynchronizationContext? contextBefore, ExecutionContext? flowBefore)
    {
        this.activation = activation;
        this.word = word;
        this.contextBefore = contextBefore;
        this.flowBefore = flowBefore;
    }

    internal Activation Activation => activation;

    // ! An activation takes inline calls only after its constructor has run.
    internal object Grain => activation.GrainInstance!;

    /// <summary>The call has completed.</summary>
    internal void End()
    {
        RestoreThread();
        activation.EndInline(word);
    }

    /// <summary>The call goes on; the activation knows the call that stands for it.</summary>
    internal void Suspend()
    {
        RestoreThread();
        activation.LeaveSuspendedInline();
    }

    private void RestoreThread()
    {
        SynchronizationContext.SetSynchronizationContext(contextBefore);
        if (flowBefore is not null)
        {
            CallContext.Enter(flowBefore);
        }
    }
}
