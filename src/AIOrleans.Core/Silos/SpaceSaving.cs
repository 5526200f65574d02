namespace AIOrleans.Core.Silos;

/// <summary>Counts the most frequent keys of a stream in bounded memory.</summary>
/// <remarks>
/// Not thread-safe. A key with more than one in <paramref name="capacity"/> of all additions is surely among those that are kept; its count is never too low, and too high by
/// at most that share. Source: Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005.
/// </remarks>
public sealed class SpaceSaving<TKey>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> places = new(capacity);
    private readonly List<(TKey Key, long Count)> entries = new(capacity);

    /// <summary>Counts <paramref name="key"/> once.</summary>
    public void Add(TKey key)
    {
        if (places.TryGetValue(key, out int place))
        {
            entries[place] = (key, entries[place].Count + 1);
        }
        else if (entries.Count < capacity)
        {
            places[key] = entries.Count;
            entries.Add((key, 1));
        }
        else
        {
            place = Least();
            places.Remove(entries[place].Key);
            places[key] = place;

            // It may have been here before, as often as the one that it replaces.
            entries[place] = (key, entries[place].Count + 1);
        }
    }

    /// <summary>Every key that is kept, and its count.</summary>
    public IReadOnlyList<(TKey Key, long Count)> Entries => entries;

    public void Clear()
    {
        places.Clear();
        entries.Clear();
    }

    private int Least()
    {
        int least = 0;
        for (int i = 1; i < entries.Count; i++)
        {
            least = entries[i].Count < entries[least].Count ? i : least;
        }

        return least;
    }
}
