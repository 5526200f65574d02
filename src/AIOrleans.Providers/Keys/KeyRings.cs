using System.Runtime.CompilerServices;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Core.Ports;

namespace AIOrleans.Providers.Keys;

/// <summary>The key ring of every provider, in the memory of this process.</summary>
/// <remarks>Each process learns by itself which keys are refused: a key costs each one refused call, and no process waits for another.</remarks>
internal sealed class KeyRings(TimeProvider time) : IProviderKeys
{
    private readonly Lock gate = new();

    /// <summary>Entries die with the configuration that they belong to.</summary>
    private readonly ConditionalWeakTable<ProviderConfig, KeyRing> rings = [];

    /// <summary>The newest configuration of each name and its ring, which the next one takes over from. As many as names were ever configured.</summary>
    private readonly Dictionary<string, (ProviderConfig Provider, KeyRing Ring)> newest = new(StringComparer.Ordinal);

    public KeyRing Of(ProviderConfig provider) => rings.GetValue(provider, Build);

    public IReadOnlyList<ProviderKeyHealth> HealthOf(ProviderConfig provider) => Of(provider).HealthAt(time.GetUtcNow());

    private KeyRing Build(ProviderConfig provider)
    {
        lock (gate)
        {
            KeyRing? before = newest.TryGetValue(provider.Name, out var known) && IsSameServer(known.Provider, provider) ? known.Ring : null;
            KeyRing ring = new(provider.Credentials, before);
            newest[provider.Name] = (provider, ring);
            return ring;
        }
    }

    /// <summary>What one server refuses, another may take.</summary>
    private static bool IsSameServer(ProviderConfig before, ProviderConfig provider) =>
        before.Kind == provider.Kind && before.BaseUrl == provider.BaseUrl && before.Aws?.Region == provider.Aws?.Region;
}
