using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace AIOrleans.Testing.Serialization;

/// <summary>What Orleans can write without being told how. Source: the codecs of Orleans.Serialization.</summary>
internal static class WireTypes
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(object), typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid),
        typeof(Uri), typeof(Version), typeof(Type), typeof(BigInteger), typeof(Int128), typeof(UInt128), typeof(Half), typeof(CancellationToken), typeof(BitArray),
        typeof(IPAddress), typeof(IPEndPoint), typeof(CultureInfo), typeof(CompareInfo), typeof(Exception),
    ];

    private static readonly HashSet<Type> Generic =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(SortedSet<>), typeof(SortedDictionary<,>),
        typeof(SortedList<,>), typeof(Queue<>), typeof(Stack<>), typeof(Collection<>), typeof(ReadOnlyCollection<>), typeof(ReadOnlyDictionary<,>),
        typeof(ConcurrentDictionary<,>), typeof(ConcurrentQueue<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(ArraySegment<>), typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(ISet<>),
        typeof(IDictionary<,>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>), typeof(IReadOnlySet<>),
        typeof(IAsyncEnumerable<>),
    ];

    internal static bool IsKnown(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsArray || Plain.Contains(type) || typeof(Exception).IsAssignableFrom(type)
        || (type.IsGenericType && (Generic.Contains(type.GetGenericTypeDefinition()) || IsTuple(type)))
        || IsOrleans(type);

    private static bool IsTuple(Type type) =>
        type.FullName is { } name && (name.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || name.StartsWith("System.Tuple`", StringComparison.Ordinal));

    private static bool IsOrleans(Type type) =>
        type.Assembly.GetName().Name is { } name && (name.StartsWith("Orleans.", StringComparison.Ordinal) || name == "AIOrleans.Compat.Orleans");
}
