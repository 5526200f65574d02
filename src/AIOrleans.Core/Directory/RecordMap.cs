using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AIOrleans.Core.Directory;

/// <summary>The accounts of one kind by record id: those that were loaded, and on top of them what changed since. Immutable: a change of one of a million costs microseconds.</summary>
/// <remarks>
/// Thread-safe. An account that was loaded is read when it is first asked for; one that turns out to be unreadable counts as absent from then on, and is counted
/// by <see cref="Count"/> and named by <see cref="Keys"/> all the same.
/// </remarks>
public sealed class RecordMap<T> : IReadOnlyDictionary<string, T>
    where T : AccountEntry
{
    private readonly ImmutableDictionary<string, RecordSlot> changes;

    internal RecordMap(RecordTable loaded)
        : this(loaded, ImmutableDictionary<string, RecordSlot>.Empty, loaded.Count)
    {
    }

    private RecordMap(RecordTable loaded, ImmutableDictionary<string, RecordSlot> changes, int count)
    {
        Loaded = loaded;
        this.changes = changes;
        Count = count;
    }

    public static RecordMap<T> Empty { get; } = new(RecordTable.Empty);

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    public IEnumerable<string> Keys => LoadedRows().Select(Loaded.IdOf).Concat(changes.Where(change => change.Value.Entry is not null).Select(change => change.Key));

    /// <summary>All that can be read. Reads each that was not asked for before, and keeps none of those.</summary>
    public IEnumerable<T> Values => LoadedRows().Select(Loaded.Peek).Concat(changes.Values.Select(slot => slot.Entry)).OfType<T>();

    internal RecordTable Loaded { get; }

    public T this[string key] => TryGetValue(key, out T? entry) ? entry : throw new KeyNotFoundException($"There is no {typeof(T).Name} '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        value = (T?)SlotOf(key)?.Entry;
        return value is not null;
    }

    public RecordMap<T> Add(string id, T entry) => With([new(id, entry)]);

    public RecordMap<T> SetItem(string id, T entry) => With([new(id, entry)]);

    public RecordMap<T> AddRange(IEnumerable<KeyValuePair<string, T>> entries) => With(entries.Select(entry => new KeyValuePair<string, T?>(entry.Key, entry.Value)));

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => Values.Select(entry => new KeyValuePair<string, T>(entry.RecordId, entry)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The record in use; null when there is none.</summary>
    internal RecordSlot? SlotOf(string id)
    {
        if (!changes.IsEmpty && changes.TryGetValue(id, out RecordSlot? changed))
        {
            return changed;
        }

        int row = Loaded.IndexOf(id);
        return row < 0 ? null : Loaded.SlotAt(row);
    }

    /// <summary>True when <paramref name="id"/> was changed, or removed, since the records were loaded.</summary>
    internal bool HasChanged(string id) => changes.ContainsKey(id);

    /// <summary>True when <paramref name="body"/> is the text that was loaded of <paramref name="id"/>, and nothing came since.</summary>
    internal bool IsStillText(string id, ReadOnlySpan<byte> body) => !HasChanged(id) && Loaded.IndexOf(id) is >= 0 and int row && Loaded.BodyOf(row).SequenceEqual(body);

    /// <summary>True when some account that may have an adaptive limit does what <paramref name="isMeant"/> asks.</summary>
    internal bool AnyAdaptive(Func<T, bool> isMeant) =>
        changes.Values.Any(slot => slot.Entry is T entry && isMeant(entry))
        || Loaded.AdaptiveRows.Any(row => !IsHidden(row) && Loaded.SlotAt(row).Entry is T entry && isMeant(entry));

    /// <summary>The map after <paramref name="changed"/>; null removes.</summary>
    internal RecordMap<T> With(IEnumerable<KeyValuePair<string, T?>> changed)
    {
        ImmutableDictionary<string, RecordSlot>.Builder next = changes.ToBuilder();
        int count = Count;
        foreach ((string id, T? entry) in changed)
        {
            bool was = next.TryGetValue(id, out RecordSlot? before) ? before.Entry is not null : Loaded.IndexOf(id) >= 0;
            count += (entry is not null ? 1 : 0) - (was ? 1 : 0);
            if (entry is null && Loaded.IndexOf(id) < 0)
            {
                next.Remove(id);
            }
            else
            {
                next[id] = entry is null ? RecordSlot.Absent : new RecordSlot(entry);
            }
        }

        return new RecordMap<T>(Loaded, next.ToImmutable(), count);
    }

    private IEnumerable<int> LoadedRows() => Enumerable.Range(0, Loaded.Count).Where(row => !IsHidden(row));

    private bool IsHidden(int row) => !changes.IsEmpty && changes.ContainsKey(Loaded.IdOf(row));
}
