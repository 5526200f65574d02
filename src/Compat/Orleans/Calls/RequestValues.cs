using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>The values of one <see cref="RequestContext"/>, never changed, and the execution context that holds them and nothing else.</summary>
internal sealed class RequestValues
{
    private ExecutionContext? alone;

    internal RequestValues(Dictionary<string, object> values) => Values = values;

    internal IReadOnlyDictionary<string, object> Values { get; }

    /// <summary>Made once for all the calls that carry these values, because making one costs more than a call.</summary>
    internal ExecutionContext Alone => alone ??= CallContext.With(this);
}
