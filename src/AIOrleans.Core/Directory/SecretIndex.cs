using System.Collections.Immutable;

namespace AIOrleans.Core.Directory;

/// <summary>Keys by the hash of their secret. Immutable.</summary>
/// <param name="Loaded">As they were loaded.</param>
/// <param name="Changed">Ids of all keys that have a hash now, for each hash of a key that was written since, its old one too: this then says all.</param>
internal sealed record SecretIndex(SecretTable Loaded, ImmutableDictionary<string, ImmutableSortedSet<string>> Changed)
{
    private static readonly ImmutableSortedSet<string> NoIds = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public static SecretIndex Empty { get; } = Of(RecordTable.Empty);

    public static SecretIndex Of(RecordTable keys) => new(new SecretTable(keys), ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty);

    /// <summary>The key with <paramref name="hash"/>, of several the first by id.</summary>
    public RecordSlot? Find(string hash, RecordMap<KeyConfig> keys)
    {
        if (Changed.IsEmpty || !Changed.TryGetValue(hash, out ImmutableSortedSet<string>? ids))
        {
            return Loaded.Find(hash);
        }

        foreach (string id in ids)
        {
            if (keys.SlotOf(id) is { Entry: not null } slot)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>The index after one key was written; null where it had no hash, or has none. A hash that stays is noted too: what was loaded of the key is old.</summary>
    public SecretIndex Move(string id, string? before, string? now)
    {
        SecretIndex next = before is null || before == now ? this : With(before, IdsOf(before).Remove(id));
        return now is null ? next : next.With(now, next.IdsOf(now).Add(id));
    }

    private ImmutableSortedSet<string> IdsOf(string hash) => Changed.TryGetValue(hash, out ImmutableSortedSet<string>? ids) ? ids : NoIds.Union(Loaded.IdsOf(hash));

    // An empty set hides what was loaded, and is of no other use.
    private SecretIndex With(string hash, ImmutableSortedSet<string> ids) =>
        this with { Changed = ids.IsEmpty && Loaded.IdsOf(hash).Count == 0 ? Changed.Remove(hash) : Changed.SetItem(hash, ids) };
}
