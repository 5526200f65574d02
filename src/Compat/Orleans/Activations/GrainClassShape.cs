using System.Reflection;
using Orleans.Compat.Calls;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Compat.Activations;

/// <summary>What the attributes of one grain class say. Read once per process.</summary>
internal sealed class GrainClassShape
{
    internal GrainClassShape(Type classType)
    {
        ClassType = classType;
        Type = GrainType.Create(classType.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? NameOf(classType));
        Traits = classType.IsDefined(typeof(ReentrantAttribute)) ? CallTraits.Interleave : CallTraits.None;
        WorkersMax = classType.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        CollectionAge = classType.IsDefined(typeof(KeepAliveAttribute)) ? TimeSpan.MaxValue : AgeOf(classType);
        ImplicitSubscriptions = [.. classType.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>()];
        HasOnActivate = Overrides(classType, nameof(IGrainBase.OnActivateAsync));
        HasOnDeactivate = Overrides(classType, nameof(IGrainBase.OnDeactivateAsync));
        MayInterleave = classType.GetCustomAttribute<MayInterleaveAttribute>() is { } may ? PredicateOf(classType, may.CallbackMethodName) : null;
    }

    internal Type ClassType { get; }

    internal GrainType Type { get; }

    internal CallTraits Traits { get; }

    internal int WorkersMax { get; }

    /// <summary>Null: the silo's own.</summary>
    internal TimeSpan? CollectionAge { get; }

    internal IReadOnlyList<ImplicitStreamSubscriptionAttribute> ImplicitSubscriptions { get; }

    internal bool HasOnActivate { get; }

    internal bool HasOnDeactivate { get; }

    internal Func<object?, IInvokable, bool>? MayInterleave { get; }

    /// <summary>Is it a class that the engine can activate?</summary>
    internal static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && typeof(IGrainBase).IsAssignableFrom(type) && typeof(IGrain).IsAssignableFrom(type);

    private static string NameOf(Type classType)
    {
        const string Suffix = "grain";
        string name = classType.Name.ToLowerInvariant();
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    private static TimeSpan? AgeOf(Type classType) =>
        classType.GetCustomAttribute<CollectionAgeLimitAttribute>() is { } age ? age.AlwaysActive ? TimeSpan.MaxValue : age.AgeLimit : null;

    private static bool Overrides(Type classType, string method)
    {
        InterfaceMapping map = classType.GetInterfaceMap(typeof(IGrainBase));
        int index = Array.FindIndex(map.InterfaceMethods, candidate => candidate.Name == method);
        Type? declaring = map.TargetMethods[index].DeclaringType;
        return declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }

    private static Func<object?, IInvokable, bool> PredicateOf(Type classType, string name)
    {
        MethodInfo method = classType.GetMethod(name, BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy, [typeof(IInvokable)])
            ?? throw new OrleansConfigurationException($"{classType} says [MayInterleave(\"{name}\")] and has no method 'bool {name}(IInvokable)'.");
        Func<IInvokable, bool>? predicate = method.IsStatic ? method.CreateDelegate<Func<IInvokable, bool>>() : null;
        return (grain, call) =>
        {
            try
            {
                return predicate is null ? method.Invoke(grain, [call]) is true : predicate(call);
            }
            catch (Exception)
            {
                // It runs behind the activation's gate, where nothing may be thrown. A call that is not said to interleave waits.
                return false;
            }
        };
    }
}
