using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;

namespace AIOrleans.Core.Ports;

/// <summary>How the keys of providers fare, as far as this process has tried them. Thread-safe.</summary>
public interface IProviderKeys
{
    /// <summary>One entry per key of <paramref name="provider"/>, in order; none when it has no keys.</summary>
    IReadOnlyList<ProviderKeyHealth> HealthOf(ProviderConfig provider);
}
