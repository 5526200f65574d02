using Orleans.Compat.Activations;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grain classes. One instance per activation; the engine runs one turn of it at a time.</summary>
/// <remarks>
/// A call that awaits something else keeps other calls waiting until it ends, unless the class is <c>[Reentrant]</c> or the methods
/// are marked to interleave. Two turns never run in parallel. Instances are made by the engine only.
/// </remarks>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <exception cref="InvalidOperationException">Created outside of an activation.</exception>
    protected Grain()
        : this(Activation.Current ?? throw new InvalidOperationException("Grains are created by the engine: get a reference from IGrainFactory."))
    {
    }

    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    /// <inheritdoc/>
    public IGrainContext GrainContext { get; }

    /// <summary>The reference others would call this grain by.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's identity as text, <c>type/key</c>.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo's address as text.</summary>
    public string RuntimeIdentity => Context.Silo.Details.SiloAddress.ToString();

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Context.Silo.Factory;

    /// <summary>The activation's own scope of the host's services.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Context => (Activation)GrainContext;

    /// <inheritdoc/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation after the running calls; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => ((IGrainBase)this).DeactivateOnIdle();

    /// <summary>Keeps idle collection away for that long; zero goes back to the usual age, infinite never lets go.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Context.DelayDeactivation(timeSpan);
}
