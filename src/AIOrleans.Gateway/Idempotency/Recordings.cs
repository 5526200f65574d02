using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>The recordings of this process, by key, and the memory they may take altogether. Thread-safe.</summary>
internal sealed class Recordings(IOptions<IdempotencyOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Recording> live = new(StringComparer.Ordinal);
    private int count;
    private long bytes;

    public int Count => Volatile.Read(ref count);

    /// <summary>Bytes reserved.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>The recording of <paramref name="key"/>, or a new one, whose maker must see to it that it ends.</summary>
    /// <returns>Null when a new one would be too many.</returns>
    public Recording? Enter(string key, string fingerprint, out bool isNew)
    {
        isNew = false;
        if (live.TryGetValue(key, out Recording? known))
        {
            return known;
        }

        if (Count >= options.Value.RecordingsMax || Bytes >= options.Value.RecordingBytesMax)
        {
            return null;
        }

        var audience = new Audience(TimeSpan.FromSeconds(options.Value.AbandonSeconds), time);
        var made = new Recording(this, key, fingerprint, options.Value.AnswerBytesMax, audience);
        Recording entered = live.GetOrAdd(key, made);
        isNew = ReferenceEquals(entered, made);
        if (isNew)
        {
            Interlocked.Increment(ref count);
        }

        return entered;
    }

    /// <summary>From now on the key begins anew; those who read go on reading.</summary>
    public void Remove(Recording recording)
    {
        if (live.TryRemove(KeyValuePair.Create(recording.Key, recording)))
        {
            Interlocked.Decrement(ref count);
        }
    }

    /// <summary>False when all the memory is taken.</summary>
    internal bool TryReserve(int more)
    {
        if (Interlocked.Add(ref bytes, more) <= options.Value.RecordingBytesMax)
        {
            return true;
        }

        Interlocked.Add(ref bytes, -more);
        return false;
    }

    internal void GiveBack(long reserved) => Interlocked.Add(ref bytes, -reserved);
}
