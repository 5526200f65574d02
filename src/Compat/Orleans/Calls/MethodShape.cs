using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Compat.Calls;

/// <summary>One method of one grain interface, and what its marks say. Made once per process.</summary>
public sealed class MethodShape
{
    internal MethodShape(Type interfaceType, MethodInfo method)
        : this(interfaceType, method, TraitsOf(method))
    {
    }

    internal MethodShape(Type interfaceType, MethodInfo method, CallTraits traits)
    {
        InterfaceType = interfaceType;
        Method = method;
        Traits = traits;
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
    }

    internal Type InterfaceType { get; }

    internal MethodInfo Method { get; }

    internal string Name => Method.Name;

    internal string InterfaceName => InterfaceType.FullName ?? InterfaceType.Name;

    internal CallTraits Traits { get; }

    /// <summary>Null: the silo's own.</summary>
    internal TimeSpan? Timeout { get; }

    public override string ToString() => $"{InterfaceType.Name}.{Name}";

    private static CallTraits TraitsOf(MethodInfo method) =>
        (method.IsDefined(typeof(ReadOnlyAttribute)) ? CallTraits.ReadOnly : CallTraits.None)
        | (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? CallTraits.Interleave : CallTraits.None)
        | (method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void) ? CallTraits.OneWay : CallTraits.None);
}
