using System.Reflection;

namespace AIOrleans.Testing.Serialization;

/// <summary>Reads Orleans' marks by their names.</summary>
internal static class Marks
{
    private const string GenerateSerializer = "Orleans.GenerateSerializerAttribute";
    private const string Id = "Orleans.IdAttribute";
    private const string RegisterConverter = "Orleans.RegisterConverterAttribute";
    private const string Converter = "Orleans.IConverter`2";

    internal static bool IsMarked(Type type) => Find(type, GenerateSerializer) is not null;

    internal static bool IsConverter(Type type) => Find(type, RegisterConverter) is not null;

    /// <summary>The types that a converter makes surrogates of.</summary>
    internal static IEnumerable<Type> ConvertedBy(Type converter) =>
        converter.GetInterfaces()
            .Where(static one => one.IsGenericType && one.GetGenericTypeDefinition().FullName == Converter)
            .Select(static one => one.GetGenericArguments()[0])
            .Select(static value => value.IsGenericType ? value.GetGenericTypeDefinition() : value);

    /// <summary>The member's number; null when it has none.</summary>
    internal static uint? IdOf(MemberInfo member) => Find(member, Id)?.ConstructorArguments[0].Value as uint?;

    /// <summary>Does the field say <c>[NonSerialized]</c>, which Orleans respects?</summary>
    internal static bool IsExempt(FieldInfo field) => field.IsDefined(typeof(NonSerializedAttribute), inherit: false);

    /// <summary>The property that the compiler made the field for; null for any other field.</summary>
    internal static PropertyInfo? PropertyBehind(FieldInfo field)
    {
        const string Suffix = ">k__BackingField";
        return field.Name.StartsWith('<') && field.Name.EndsWith(Suffix, StringComparison.Ordinal)
            ? field.DeclaringType?.GetProperty(field.Name[1..^Suffix.Length], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            : null;
    }

    /// <summary>Is it a property that a record's parameter list declares? Orleans numbers those by their places.</summary>
    internal static bool IsRecordParameter(Type type, MemberInfo member)
    {
        bool isRecord = type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;
        return isRecord && type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(constructor => constructor.GetParameters().Any(parameter => parameter.Name == member.Name));
    }

    private static CustomAttributeData? Find(MemberInfo member, string attribute) =>
        member.CustomAttributes.FirstOrDefault(one => one.AttributeType.FullName == attribute);
}
