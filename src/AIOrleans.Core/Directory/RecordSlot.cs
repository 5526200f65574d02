using AIOrleans.Core.Callers;

namespace AIOrleans.Core.Directory;

/// <summary>One record in use: what was read of it, and, of a key, its caller.</summary>
/// <param name="entry">Null when the record is removed or cannot be read: it counts as absent.</param>
internal sealed class RecordSlot(DirectoryEntry? entry)
{
    private volatile Resolved? resolved;

    public static RecordSlot Absent { get; } = new(null);

    public DirectoryEntry? Entry => entry;

    /// <summary>The caller of the key, resolved once for each <paramref name="access"/>; a race resolves it twice, alike.</summary>
    /// <param name="access">Stands for what all accounts allow: another object once any of that has changed.</param>
    public Caller CallerBy(object access, Func<KeyConfig, Caller> resolve)
    {
        Resolved? known = resolved;
        if (known is null || !ReferenceEquals(known.Access, access))
        {
            // ! Only slots of keys that can be read are asked.
            known = new Resolved(access, resolve((KeyConfig)entry!));
            resolved = known;
        }

        return known.Caller;
    }

    private sealed record Resolved(object Access, Caller Caller);
}
