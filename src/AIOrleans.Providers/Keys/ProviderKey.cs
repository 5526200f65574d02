using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;

namespace AIOrleans.Providers.Keys;

/// <summary>One key of a provider: what it was used for, and what it rests from.</summary>
/// <remarks>Not thread-safe: <see cref="KeyRing"/>'s gate is its lock. It outlives changes of the configuration that keep the key.</remarks>
internal sealed class ProviderKey(Secret secret)
{
    /// <summary>By model, as many as are routed to the provider; the empty name stands for all of them. Those that are over go when one begins.</summary>
    private readonly Dictionary<string, KeyRest> rests = new(StringComparer.Ordinal);

    private long uses;
    private long refusals;
    private KeyRefusal? lastRefusal;

    public Secret Secret { get; } = secret;

    /// <summary>Turn in which it was taken last; the lowest is next.</summary>
    public long LastTurn { get; private set; }

    public void Use(long turn)
    {
        LastTurn = turn;
        uses++;
    }

    public void Refuse(KeyRefusal refusal)
    {
        refusals++;
        lastRefusal = refusal;
    }

    /// <summary>Rests, unless it rests as long already.</summary>
    /// <returns>True when it was awake: several calls under way may be refused for one reason.</returns>
    public bool Rest(KeyRest rest, DateTimeOffset now)
    {
        string model = rest.Model ?? "";
        KeyRest? before = rests.GetValueOrDefault(model);
        bool wasAwake = before is null || before.Until <= now;
        if (wasAwake)
        {
            Forget(now);
        }

        if (before is null || rest.Until > before.Until)
        {
            rests[model] = rest;
        }

        return wasAwake;
    }

    /// <summary>The longer of the rests that keep it from <paramref name="model"/>; null when it is free.</summary>
    public KeyRest? RestFor(string model, DateTimeOffset now)
    {
        KeyRest? whole = RestAt("", now);
        KeyRest? own = RestAt(model, now);
        return whole is null || own?.Until > whole.Until ? own : whole;
    }

    public ProviderKeyHealth HealthAt(int position, DateTimeOffset now) =>
        new(position, uses, refusals, lastRefusal, [.. rests.Values.Where(rest => rest.Until > now).OrderBy(rest => rest.Model, StringComparer.Ordinal)]);

    private void Forget(DateTimeOffset now)
    {
        foreach ((string model, KeyRest rest) in rests)
        {
            if (rest.Until <= now)
            {
                rests.Remove(model);
            }
        }
    }

    private KeyRest? RestAt(string model, DateTimeOffset now) => rests.TryGetValue(model, out KeyRest? rest) && rest.Until > now ? rest : null;
}
