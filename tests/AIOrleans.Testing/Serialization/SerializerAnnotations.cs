using System.Reflection;

namespace AIOrleans.Testing.Serialization;

/// <summary>Finds what genuine Orleans could not write to the wire, without Orleans: the embedded engine never writes anything, and would not notice.</summary>
/// <remarks>
/// Starts at the parameters and results of every grain interface, at the events of every stream observer and at every marked type, and
/// follows members and derived types. Marks are known by their names, so that it works in both editions.
/// </remarks>
public static class SerializerAnnotations
{
    private const string Addressable = "Orleans.Runtime.IAddressable";
    private const string StreamObserver = "Orleans.Streams.IAsyncObserver`1";

    /// <summary>One sentence for each type or member that lacks a mark, with the way that leads to it; empty when all is well.</summary>
    public static IReadOnlyList<string> FindMissing(IEnumerable<Assembly> assemblies)
    {
        Type[] types = [.. assemblies.Distinct().SelectMany(static assembly => assembly.GetTypes())];
        AnnotationWalk walk = new(types);
        foreach (Type type in types)
        {
            if (type.IsInterface && IsAddressable(type))
            {
                VisitCalls(walk, type);
            }
            else if (Marks.IsMarked(type) && !type.IsGenericTypeDefinition)
            {
                walk.Visit(type, type.Name);
            }

            foreach (Type observer in type.GetInterfaces().Where(static one => one.IsGenericType && one.GetGenericTypeDefinition().FullName == StreamObserver))
            {
                walk.Visit(observer.GetGenericArguments()[0], $"events of {type.Name}");
            }
        }

        return walk.Missing;
    }

    internal static bool IsAddressable(Type type) => type.GetInterfaces().Any(static one => one.FullName == Addressable);

    private static void VisitCalls(AnnotationWalk walk, Type grainInterface)
    {
        foreach (MethodInfo method in grainInterface.GetMethods().Where(static method => !method.IsStatic))
        {
            foreach (ParameterInfo parameter in method.GetParameters())
            {
                walk.Visit(parameter.ParameterType, $"{grainInterface.Name}.{method.Name}({parameter.Name})");
            }

            Type result = method.ReturnType;
            if (result.IsGenericType)
            {
                // Task<T>, ValueTask<T> and IAsyncEnumerable<T> alike carry a T.
                walk.Visit(result.GetGenericArguments()[0], $"result of {grainInterface.Name}.{method.Name}");
            }
        }
    }
}
