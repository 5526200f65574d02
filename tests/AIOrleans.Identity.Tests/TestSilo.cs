using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;

namespace AIOrleans.Identity.Tests;

/// <summary>A process that is called <paramref name="name"/>.</summary>
internal sealed class TestSilo(string name) : ISiloFacts
{
    public string InstanceId => name;

    public SiloRecord Describe() => new()
    {
        InstanceId = name, Name = name, Address = "", HttpAddress = "", Version = "1", Role = "all", StartedAt = DateTimeOffset.UnixEpoch, Load = "{}",
    };
}
