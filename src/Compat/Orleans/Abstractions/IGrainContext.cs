namespace Orleans.Runtime;

/// <summary>One activation of a grain, as its code may see it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    GrainReference GrainReference { get; }

    GrainId GrainId { get; }

    /// <summary>Null until the constructor has returned.</summary>
    object? GrainInstance { get; }

    /// <summary>A scope of the host's services that ends with the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Lets running calls end, then deactivates. Calls that arrive meanwhile go to the next activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
