using System.Reflection;
using System.Reflection.Emit;
using Orleans.Compat.Calls;
using Orleans.Runtime;

namespace Orleans.Compat.Proxies;

/// <summary>What the emitters need to know of one method.</summary>
internal sealed class ProxyMethod
{
    /// <exception cref="NotSupportedException">Generic, or returns something that is no task.</exception>
    internal ProxyMethod(MethodInfo method, MethodShape shape, FieldInfo shapeField)
    {
        if (method.IsGenericMethodDefinition)
        {
            throw new NotSupportedException($"{shape} is generic; the embedded engine does not call generic grain methods.");
        }

        Method = method;
        Shape = shape;
        ShapeField = shapeField;
        Parameters = [.. method.GetParameters().Select(static parameter => parameter.ParameterType)];
        TokenIndex = Array.IndexOf(Parameters, typeof(CancellationToken));
        Type returned = method.ReturnType;
        Type? generic = returned.IsGenericType ? returned.GetGenericTypeDefinition() : null;
        IsValueTask = returned == typeof(ValueTask) || generic == typeof(ValueTask<>);
        ResultType = generic == typeof(Task<>) || generic == typeof(ValueTask<>) ? returned.GetGenericArguments()[0] : null;
        IsVoid = returned == typeof(void);
        if (ResultType is null && !IsVoid && returned != typeof(Task) && returned != typeof(ValueTask))
        {
            throw new NotSupportedException($"{shape} returns {returned}; the embedded engine calls methods that return Task or ValueTask, with or without a value.");
        }
    }

    internal MethodInfo Method { get; }

    internal MethodShape Shape { get; }

    /// <summary>The proxy's static field that holds <see cref="Shape"/>.</summary>
    internal FieldInfo ShapeField { get; }

    internal Type[] Parameters { get; }

    /// <summary>Which parameter is the caller's token; -1 when there is none.</summary>
    internal int TokenIndex { get; }

    /// <summary>Null when the method returns no value.</summary>
    internal Type? ResultType { get; }

    internal bool IsValueTask { get; }

    internal bool IsVoid { get; }

    internal Type TaskType => ResultType is null ? typeof(Task) : typeof(Task<>).MakeGenericType(ResultType);

    internal Type CallBase => ResultType is null ? typeof(VoidCall) : typeof(ResultCall<>).MakeGenericType(ResultType);

    /// <summary>What makes a failed task of an exception.</summary>
    internal string FailedName => (ResultType is null, IsValueTask) switch
    {
        (false, false) => nameof(Outcomes.Failed),
        (true, false) => nameof(Outcomes.FailedVoid),
        (false, true) => nameof(Outcomes.FailedValue),
        (true, true) => nameof(Outcomes.FailedValueVoid),
    };

    /// <summary>What ends an inline call.</summary>
    internal string LeaveName => (ResultType is null, IsValueTask) switch
    {
        (false, false) => nameof(GrainReference.Leave),
        (true, false) => nameof(GrainReference.LeaveVoid),
        (false, true) => nameof(GrainReference.LeaveValue),
        (true, true) => nameof(GrainReference.LeaveValueVoid),
    };

    /// <summary>A method of the engine, closed over the result type when it is generic.</summary>
    internal MethodInfo Closed(Type type, string name)
    {
        // ! Names come from nameof.
        MethodInfo method = type.GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)!;
        // ! A generic one is asked for only when there is a result.
        return method.IsGenericMethodDefinition ? method.MakeGenericMethod(ResultType!) : method;
    }
}
