using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>Stands for a call that began inline, without an object, and did not end at once.</summary>
internal sealed class SuspendedResultCall<T> : ResultCall<T>
{
    internal SuspendedResultCall(MethodShape method, GrainReference target)
        : base(method, target)
    {
    }

    public override Task Invoke(object grain) => throw new InvalidOperationException("The call has begun already.");
}

/// <inheritdoc cref="SuspendedResultCall{T}"/>
internal sealed class SuspendedVoidCall : VoidCall
{
    internal SuspendedVoidCall(MethodShape method, GrainReference target)
        : base(method, target)
    {
    }

    public override Task Invoke(object grain) => throw new InvalidOperationException("The call has begun already.");
}
