using System.Reflection;
using Orleans.Compat.Activations;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Compat.Calls;

/// <summary>Takes one call through the filters: the silo's in the order of registration, then the grain's own, then the method.</summary>
internal sealed class IncomingCall : IIncomingGrainCallContext
{
    private readonly Call call;
    private readonly Activation activation;
    private int next;

    internal IncomingCall(Call call, Activation activation)
    {
        this.call = call;
        this.activation = activation;
    }

    public IInvokable Request => call;

    // ! Calls run after the constructor.
    public object Grain => activation.GrainInstance!;

    public GrainId? SourceId => call.Source;

    public GrainId TargetId => activation.GrainId;

    public IGrainContext TargetContext => activation;

    public string InterfaceName => call.Method.InterfaceName;

    public string MethodName => call.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Method;

    public MethodInfo ImplementationMethod
    {
        get
        {
            if (!call.Method.InterfaceType.IsInstanceOfType(Grain))
            {
                return InterfaceMethod;
            }

            InterfaceMapping map = Grain.GetType().GetInterfaceMap(call.Method.Method.DeclaringType ?? call.Method.InterfaceType);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, call.Method.Method)];
        }
    }

    public object? Result { get; set; }

    public Task Invoke()
    {
        IReadOnlyList<IIncomingGrainCallFilter> filters = activation.Silo.Filters;
        int step = next++;
        if (step < filters.Count)
        {
            return filters[step].Invoke(this);
        }

        return step == filters.Count && Grain is IIncomingGrainCallFilter own ? own.Invoke(this) : InvokeGrainAsync();
    }

    private async Task InvokeGrainAsync()
    {
        Task task = call.InvokeChecked(Grain);
        await task;
        Result = call.ResultOf(task);
    }
}
