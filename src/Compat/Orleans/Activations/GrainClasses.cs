using System.Collections.Concurrent;
using Orleans.Compat.Hosting;
using Orleans.Runtime;

namespace Orleans.Compat.Activations;

/// <summary>The grain classes of one silo, found by the interface they implement or by their type.</summary>
internal sealed class GrainClasses
{
    private readonly ConcurrentDictionary<(Type, string?), GrainClass> byInterface = new();
    private readonly Dictionary<GrainType, GrainClass> byType = [];

    internal GrainClasses(Silo silo)
    {
        All = [.. GrainAssemblies.ClassShapes.Select(shape => new GrainClass(silo, shape))];
        foreach (GrainClass grainClass in All)
        {
            if (!byType.TryAdd(grainClass.Type, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{grainClass.ClassType} and {byType[grainClass.Type].ClassType} both have the grain type '{grainClass.Type}': rename one, or give it [GrainType].");
            }
        }
    }

    internal IReadOnlyList<GrainClass> All { get; }

    /// <exception cref="ArgumentException">No class implements the interface, or several do and the prefix does not choose.</exception>
    internal GrainClass Implementing(Type interfaceType, string? classPrefix) => byInterface.GetOrAdd((interfaceType, classPrefix), Choose);

    /// <exception cref="ArgumentException">There is no such type.</exception>
    internal GrainClass OfType(GrainType type) =>
        byType.TryGetValue(type, out GrainClass? found) ? found : throw new ArgumentException($"Could not find an implementation for grain type {type}", nameof(type));

    private GrainClass Choose((Type Interface, string? Prefix) wanted)
    {
        GrainClass[] fitting =
        [
            .. All.Where(candidate => wanted.Interface.IsAssignableFrom(candidate.ClassType)
                && (wanted.Prefix is null || (candidate.ClassType.FullName ?? "").StartsWith(wanted.Prefix, StringComparison.Ordinal))),
        ];
        return fitting switch
        {
            [var one] => one,
            [] => throw new ArgumentException($"Could not find an implementation for interface {wanted.Interface}", nameof(wanted)),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {wanted.Interface}. Candidates: {string.Join(", ", fitting.Select(static one => one.ClassType))}",
                nameof(wanted)),
        };
    }
}
