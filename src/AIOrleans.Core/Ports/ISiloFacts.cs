using AIOrleans.Core.Silos;

namespace AIOrleans.Core.Ports;

/// <summary>What this process is, for those who share its store. Thread-safe.</summary>
public interface ISiloFacts
{
    /// <summary>The same in every <see cref="Describe"/>.</summary>
    string InstanceId { get; }

    /// <summary>This process now; what it knows of the store is left out.</summary>
    SiloRecord Describe();
}
