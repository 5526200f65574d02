using AIOrleans.Host.Metrics;

namespace AIOrleans.Host.Tests.Metrics;

/// <summary>The metrics that the product itself tells.</summary>
internal static class ProductMetrics
{
    public static IEnumerable<MetricFamily> Of(MetricStore store) =>
        store.Families.Where(family => !family.Name.StartsWith("dotnet_", StringComparison.Ordinal));

    /// <summary>As queries have it.</summary>
    public static string NameOf(MetricFamily family) => family.Kind == MetricKind.Counter ? family.Name + "_total" : family.Name;
}
