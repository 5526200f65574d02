using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>How to make a reference to grains of one interface. Emitted at first use, once per process.</summary>
internal sealed class ProxyShape
{
    private static readonly ConcurrentDictionary<Type, Lazy<ProxyShape>> Shapes = new();

    private readonly Func<GrainReference> create;

    private ProxyShape(Func<GrainReference> create) => this.create = create;

    /// <exception cref="ArgumentException">Not a grain interface, or one with a method that is no call.</exception>
    internal static ProxyShape Of(Type interfaceType) =>
        Shapes.GetOrAdd(interfaceType, static type => new Lazy<ProxyShape>(() => new ProxyShape(ProxyEmitter.Emit(type)))).Value;

    internal GrainReference Create() => create();

    /// <summary>The methods of the interface and of those it extends.</summary>
    internal static IEnumerable<MethodInfo> MethodsOf(Type interfaceType) =>
        interfaceType.GetInterfaces().Prepend(interfaceType).SelectMany(static type => type.GetMethods()).Where(static method => !method.IsStatic);

    /// <summary>Can objects of the type be called as grains, and is it not one of the engine's own markers?</summary>
    internal static bool IsGrainInterface(Type type) =>
        type.IsInterface && typeof(IAddressable).IsAssignableFrom(type) && (type.Assembly != typeof(IAddressable).Assembly || type == typeof(IRemindable) || type == typeof(IManagementGrain));
}
