using System.Collections.Immutable;

namespace AIOrleans.Core.Money;

/// <summary>How urgently a provider serves a call, each with a price of its own. Stored by name: never renamed.</summary>
public enum ServiceTier
{
    Standard,
    Batch,
    Priority,
    Flex,
}

/// <summary>The words for service tiers.</summary>
public static class ServiceTiers
{
    /// <summary>All of them: what a call can get that names none, since a provider's project settings may choose.</summary>
    public static ImmutableArray<ServiceTier> All { get; } = [ServiceTier.Standard, ServiceTier.Batch, ServiceTier.Priority, ServiceTier.Flex];

    /// <summary>As stored and shown: <c>standard</c>, <c>batch</c>, <c>priority</c>, <c>flex</c>.</summary>
    public static string NameOf(ServiceTier service) => service switch
    {
        ServiceTier.Batch => "batch",
        ServiceTier.Priority => "priority",
        ServiceTier.Flex => "flex",
        _ => "standard",
    };

    /// <summary>A stored name.</summary>
    /// <exception cref="FormatException">Not one of ours.</exception>
    public static ServiceTier Parse(string name) => name switch
    {
        "standard" => ServiceTier.Standard,
        "batch" => ServiceTier.Batch,
        "priority" => ServiceTier.Priority,
        "flex" => ServiceTier.Flex,
        _ => throw new FormatException($"'{name}' is not a service tier."),
    };

    /// <summary>What a provider or client says on the wire; null when it leaves the choice open (<c>auto</c>, or a word that is not known).</summary>
    public static ServiceTier? OfWire(string? word) => word switch
    {
        // Scale is capacity paid for in advance: its calls are billed at the standard price beyond it.
        "default" or "standard" or "standard_only" or "scale" => ServiceTier.Standard,
        "batch" => ServiceTier.Batch,
        "priority" => ServiceTier.Priority,
        "flex" => ServiceTier.Flex,
        _ => null,
    };
}
