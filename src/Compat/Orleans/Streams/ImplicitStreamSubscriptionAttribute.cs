namespace Orleans;

/// <summary>Subscribes every grain of the class to the stream of its own key in a namespace. The first event activates the grain.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class ImplicitStreamSubscriptionAttribute : Attribute
{
    /// <summary>All namespaces.</summary>
    public ImplicitStreamSubscriptionAttribute()
    {
    }

    public ImplicitStreamSubscriptionAttribute(string streamNamespace, string? streamIdMapper = null)
    {
        Namespace = streamNamespace.Trim();
        StreamIdMapper = streamIdMapper;
    }

    public string? StreamIdMapper { get; init; }

    internal string? Namespace { get; }

    internal bool Matches(string streamNamespace) => Namespace is null || Namespace == streamNamespace;
}
