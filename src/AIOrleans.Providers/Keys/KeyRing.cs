using System.Collections.Immutable;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;

namespace AIOrleans.Providers.Keys;

/// <summary>The keys of one configuration of a provider, used in turn. Thread-safe.</summary>
/// <remarks>With a single key nothing rests: there is no other to try, and the deployment's breaker knows when to leave it alone.</remarks>
internal sealed class KeyRing
{
    /// <summary>Guards all keys. Shared with the ring of the configuration before, for they share keys.</summary>
    private readonly Turns turns;

    private readonly ImmutableArray<ProviderKey> keys;

    /// <param name="before">The ring of the same server's former configuration: a key that stays keeps what is known of it. Null: all are new.</param>
    public KeyRing(IReadOnlyList<Secret> secrets, KeyRing? before)
    {
        turns = before?.turns ?? new Turns();
        keys = [.. secrets.Select(secret => before?.keys.FirstOrDefault(key => key.Secret.Equals(secret)) ?? new ProviderKey(secret))];
    }

    public int Count => keys.Length;

    public int PositionOf(ProviderKey key) => keys.IndexOf(key);

    /// <summary>Takes the free key that was not used for longest.</summary>
    /// <param name="tried">Keys that the attempt has tried already; none when null.</param>
    /// <returns>Null when all were tried, or rest.</returns>
    public ProviderKey? TryTake(string model, HashSet<ProviderKey>? tried, DateTimeOffset now)
    {
        lock (turns)
        {
            ProviderKey? next = null;
            foreach (ProviderKey key in keys)
            {
                if (tried?.Contains(key) != true && (Count == 1 || key.RestFor(model, now) is null) && (next is null || key.LastTurn < next.LastTurn))
                {
                    next = key;
                }
            }

            next?.Use(++turns.Last);
            return next;
        }
    }

    /// <summary>Notes that a call with <paramref name="key"/> was refused, and lets it rest.</summary>
    /// <returns>True when the rest begins with this refusal.</returns>
    public bool Refuse(ProviderKey key, KeyRefusal refusal, KeyRest rest)
    {
        lock (turns)
        {
            key.Refuse(refusal);
            return Count > 1 && key.Rest(rest, refusal.At);
        }
    }

    /// <summary>The rest for <paramref name="model"/> that ends first; null while a key is free.</summary>
    public KeyRest? FirstToEnd(string model, DateTimeOffset now)
    {
        lock (turns)
        {
            KeyRest? first = null;
            foreach (ProviderKey key in keys)
            {
                if (key.RestFor(model, now) is not { } rest)
                {
                    return null;
                }

                first = first is null || rest.Until < first.Until ? rest : first;
            }

            return first;
        }
    }

    public IReadOnlyList<ProviderKeyHealth> HealthAt(DateTimeOffset now)
    {
        lock (turns)
        {
            return [.. keys.Select((key, position) => key.HealthAt(position, now))];
        }
    }

    /// <summary>Counts what was taken.</summary>
    private sealed class Turns
    {
        public long Last { get; set; }
    }
}
