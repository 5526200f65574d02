using System.Runtime.CompilerServices;

namespace Orleans.Compat.State;

/// <summary>What a record is before it was ever written.</summary>
internal static class NewState
{
    /// <summary>Made by the constructor without parameters; a type that has none comes with its fields at their defaults, as in Orleans.</summary>
    internal static T Of<T>() =>
        typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance<T>()
            : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}
