using System.Reflection;

namespace AIOrleans.Testing.Serialization;

/// <summary>Visits types that go over the wire, each once, and notes what lacks a mark.</summary>
internal sealed class AnnotationWalk
{
    private readonly HashSet<Type> visited = [];
    private readonly List<string> missing = [];
    private readonly IReadOnlyList<Type> known;
    private readonly HashSet<Type> surrogated;

    /// <param name="known">Where derived types and surrogates are looked for.</param>
    internal AnnotationWalk(IReadOnlyList<Type> known)
    {
        this.known = known;
        surrogated = [.. known.Where(Marks.IsConverter).SelectMany(Marks.ConvertedBy)];
    }

    internal IReadOnlyList<string> Missing => missing;

    /// <param name="way">How the type was come by, for the message.</param>
    internal void Visit(Type type, string way)
    {
        if (type.IsGenericParameter || !visited.Add(type))
        {
            return;
        }

        foreach (Type part in PartsOf(type))
        {
            Visit(part, way);
        }

        if (WireTypes.IsKnown(type) || surrogated.Contains(Definition(type)) || SerializerAnnotations.IsAddressable(type))
        {
            return;
        }

        if (!Marks.IsMarked(type))
        {
            missing.Add($"{way}: {type} has neither [GenerateSerializer] nor a [RegisterConverter] surrogate.");
            return;
        }

        VisitMembers(type, way);
        foreach (Type derived in known.Where(candidate => candidate != type && type.IsAssignableFrom(candidate) && !candidate.IsGenericTypeDefinition))
        {
            Visit(derived, $"{way} > {derived.Name}");
        }
    }

    private void VisitMembers(Type type, string way)
    {
        Dictionary<uint, string> ids = [];
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (FieldInfo field in type.GetFields(Declared).Where(static field => !Marks.IsExempt(field)))
        {
            MemberInfo member = Marks.PropertyBehind(field) ?? (MemberInfo)field;
            uint? id = Marks.IdOf(member) ?? Marks.IdOf(field);
            if (id is null && !Marks.IsRecordParameter(type, member))
            {
                missing.Add($"{way}: {type.Name}.{member.Name} has no [Id].");
            }
            else if (id is { } number && !ids.TryAdd(number, member.Name))
            {
                missing.Add($"{way}: {type.Name}.{member.Name} has the same [Id({number})] as {ids[number]}.");
            }

            Visit(field.FieldType, $"{way} > {type.Name}.{member.Name}");
        }

        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            Visit(parent, $"{way} > base of {type.Name}");
        }
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static Type[] PartsOf(Type type) =>
        // ! Arrays, pointers and references have an element type.
        type.HasElementType ? [type.GetElementType()!] : type.IsGenericType ? type.GetGenericArguments() : [];
}
