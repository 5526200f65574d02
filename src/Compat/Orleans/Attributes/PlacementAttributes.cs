namespace Orleans.Placement;

/// <summary>Says where in a cluster a grain is activated. In one process there is one place.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PlacementAttribute : Attribute;

/// <inheritdoc/>
public sealed class PreferLocalPlacementAttribute : PlacementAttribute;

/// <inheritdoc/>
public sealed class RandomPlacementAttribute : PlacementAttribute;

/// <inheritdoc/>
public sealed class HashBasedPlacementAttribute : PlacementAttribute;

/// <inheritdoc/>
public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute;

/// <inheritdoc/>
public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;
