using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Compat.State;

/// <summary>Supplies constructor parameters marked with <see cref="PersistentStateAttribute"/>.</summary>
internal static class PersistentStates
{
    internal static Func<Activation, object> SupplierOf(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType} has [PersistentState] and is a {type}; it must be an IPersistentState<T>.");
        }

        // ! Only asked of parameters that have the attribute.
        PersistentStateAttribute mark = parameter.GetCustomAttribute<PersistentStateAttribute>()!;
        ConstructorInfo create = typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments())
            .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)[0];
        string name = mark.StateName.Length > 0 ? mark.StateName : parameter.Name ?? "";
        return activation => create.Invoke([name, activation, StorageOf(activation, mark.StorageName)]);
    }

    private static IGrainStorage StorageOf(Activation activation, string? name) =>
        activation.Silo.Services.GetKeyedService<IGrainStorage>(string.IsNullOrWhiteSpace(name) ? StorageNames.Default : name)
        ?? throw new OrleansConfigurationException(
            $"{activation.Class.ClassType} keeps state in the storage '{name ?? StorageNames.Default}', and none is registered by that name: add one to UseOrleans(...).");
}

/// <summary>Names of storages.</summary>
internal static class StorageNames
{
    internal const string Default = "Default";
}
