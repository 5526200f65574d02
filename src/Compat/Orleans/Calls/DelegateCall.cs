using Orleans.Compat.Activations;
using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>A call that the engine makes to an activation: a timer's tick, a stream's event.</summary>
internal sealed class DelegateCall : VoidCall
{
    private readonly Func<Activation, Task> run;

    internal DelegateCall(MethodShape method, GrainReference target, Func<Activation, Task> run)
        : base(method, target) => this.run = run;

    // ! Set by the activation that now runs the call.
    public override Task Invoke(object grain) => run(Activation!);
}
