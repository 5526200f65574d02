using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Compat.State;
using Orleans.Runtime;

namespace Orleans.Compat.Activations;

/// <summary>Makes instances of one grain class: services from the activation's scope, its context, and its persistent states.</summary>
internal sealed class GrainConstructor
{
    private readonly ObjectFactory create;
    private readonly Func<Activation, object>[] given;
    private readonly bool needsServices;

    internal GrainConstructor(Type classType)
    {
        ParameterInfo[] parameters = ConstructorOf(classType).GetParameters();
        ParameterInfo[] supplied = [.. parameters.Where(static parameter => IsContext(parameter) || IsState(parameter))];
        create = ActivatorUtilities.CreateFactory(classType, [.. supplied.Select(static parameter => parameter.ParameterType)]);
        given = [.. supplied.Select(SupplierOf)];
        needsServices = parameters.Length > supplied.Length;
    }

    internal (object Grain, IReadOnlyList<IStateToLoad> States) Construct(Activation activation)
    {
        object[] arguments = given.Length == 0 ? [] : [.. given.Select(supply => supply(activation))];
        // A class that takes no services needs no scope of its own.
        object grain = create(needsServices ? activation.ActivationServices : activation.Silo.Services, arguments);
        return (grain, given.Length == 0 ? [] : [.. arguments.OfType<IStateToLoad>()]);
    }

    private static ConstructorInfo ConstructorOf(Type classType)
    {
        ConstructorInfo[] all = classType.GetConstructors();
        return all.FirstOrDefault(static one => one.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute))) ?? all.MaxBy(static one => one.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"{classType} has no public constructor.");
    }

    private static bool IsContext(ParameterInfo parameter) => parameter.ParameterType == typeof(IGrainContext);

    private static bool IsState(ParameterInfo parameter) => parameter.IsDefined(typeof(PersistentStateAttribute));

    private static Func<Activation, object> SupplierOf(ParameterInfo parameter) =>
        IsContext(parameter) ? static activation => activation : PersistentStates.SupplierOf(parameter);
}
