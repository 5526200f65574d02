using System.Collections.Immutable;
using System.Reflection;
using AIOrleans.Core.Accounts;

namespace AIOrleans.Cluster.Tests.Serialization;

/// <summary>Makes values of message types with every member set to something else, or with every optional member absent.</summary>
internal sealed class Filler(bool withOptional)
{
    private readonly NullabilityInfoContext nullability = new();
    private int count;

    public object Make(Type type)
    {
        count++;
        return type switch
        {
            _ when type == typeof(string) => $"text {count} ü€",
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => count,
            // Beyond 32 bits, and small enough that sums of a message do not overflow.
            _ when type == typeof(long) => (1L << 50) - count,
            _ when type == typeof(Guid) => Guid.CreateVersion7(),
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(count),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromMinutes(330)).AddTicks(count),
            _ when type == typeof(AccountId) => AccountId.Of(AccountKind.Model, "acme", "eng", $"gpt-4.1/{count}"),
            _ when type.IsEnum => Enum.GetValues(type) is { } all ? all.GetValue(all.Length - 1) ?? 0 : 0,
            _ when Nullable.GetUnderlyingType(type) is { } inner => Make(inner),
            _ when type.IsArray => MakeArray(type.GetElementType() ?? typeof(object)),
            _ when Is(type, typeof(IReadOnlyList<>)) => MakeArray(type.GetGenericArguments()[0]),
            _ when Is(type, typeof(ImmutableArray<>)) => MakeImmutable(type.GetGenericArguments()[0]),
            _ => MakeRecord(type),
        };
    }

    private static bool Is(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    private Array MakeArray(Type element)
    {
        var array = Array.CreateInstance(element, 2);
        array.SetValue(Make(element), 0);
        array.SetValue(Make(element), 1);
        return array;
    }

    private object MakeImmutable(Type element)
    {
        MethodInfo create = typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }]);
        return create.MakeGenericMethod(element).Invoke(null, [MakeArray(element)]) ?? throw new InvalidOperationException("No array was made.");
    }

    private object MakeRecord(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length);
        object?[] arguments = [.. (constructor?.GetParameters() ?? []).Select(
            parameter => IsLeftOut(nullability.Create(parameter).WriteState, parameter.ParameterType) ? null : Make(parameter.ParameterType))];
        object made = constructor?.Invoke(arguments) ?? Activator.CreateInstance(type) ?? throw new InvalidOperationException($"Cannot make a {type}.");
        string[] given = [.. (constructor?.GetParameters() ?? []).Select(parameter => parameter.Name ?? "")];
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite && !given.Contains(property.Name)))
        {
            property.SetValue(made, IsLeftOut(nullability.Create(property).WriteState, property.PropertyType) ? null : Make(property.PropertyType));
        }

        return made;
    }

    private bool IsLeftOut(NullabilityState state, Type type) =>
        !withOptional && (Nullable.GetUnderlyingType(type) is not null || (!type.IsValueType && state == NullabilityState.Nullable));
}
