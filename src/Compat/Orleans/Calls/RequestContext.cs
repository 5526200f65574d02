using System.Collections.Frozen;
using Orleans.Compat.Calls;

namespace Orleans.Runtime;

/// <summary>Values that travel with a call to the callee and on to whom it calls; never back to the caller.</summary>
/// <remarks>Nothing else that is ambient reaches the callee (no <see cref="AsyncLocal{T}"/>, no culture): in a cluster it could not either.</remarks>
public static class RequestContext
{
    private static readonly AsyncLocal<RequestValues?> Current = new();

    public static IEnumerable<string> Keys => Values.Keys;

    public static IEnumerable<KeyValuePair<string, object>> Entries => Values;

    internal static RequestValues? Ambient
    {
        get => Current.Value;
        set => Current.Value = value;
    }

    private static IReadOnlyDictionary<string, object> Values => Current.Value?.Values ?? FrozenDictionary<string, object>.Empty;

    /// <summary>The value, or null when there is none.</summary>
    public static object? Get(string key) => Values.GetValueOrDefault(key);

    /// <summary>Sets the value for the calls made from here on.</summary>
    public static void Set(string key, object value) =>
        Current.Value = new RequestValues(new Dictionary<string, object>(Values, StringComparer.Ordinal) { [key] = value });

    public static bool Remove(string key)
    {
        Dictionary<string, object> rest = new(Values, StringComparer.Ordinal);
        if (!rest.Remove(key))
        {
            return false;
        }

        Current.Value = rest.Count == 0 ? null : new RequestValues(rest);
        return true;
    }

    public static void Clear() => Current.Value = null;
}
