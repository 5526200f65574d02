using Orleans.Compat.Calls;

namespace Orleans.Compat.Activations;

/// <summary>The first turn of an activation.</summary>
internal sealed class ActivationTurn : WorkItem
{
    private readonly ExecutionContext flow;

    internal ActivationTurn(ExecutionContext flow) => this.flow = flow;

    internal override void Run(Activation activation)
    {
        CallContext.Enter(flow);
        _ = activation.ActivateAsync();
    }
}

/// <summary>Begins the end of an activation, once its calls have ended.</summary>
internal sealed class DeactivationTurn : WorkItem
{
    internal override void Run(Activation activation) => _ = activation.EndAsync();
}

/// <summary>Why an activation ends, and the token that cuts its last words short.</summary>
internal sealed record DeactivationCause(DeactivationReason Reason, CancellationToken CancellationToken);
