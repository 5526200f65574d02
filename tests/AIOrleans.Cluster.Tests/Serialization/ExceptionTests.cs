using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Core.Ports;
using Orleans.Serialization;

namespace AIOrleans.Cluster.Tests.Serialization;

/// <summary>What a grain on another silo throws arrives as what it is; needs no database.</summary>
public sealed class ExceptionTests
{
    [Fact]
    public void An_unreachable_store_is_told_from_silo_to_silo()
    {
        using IHost silo = new SiloSettings("Host=nowhere", "none", "none", FreePort.Next(), FreePort.Next()).ToBuilder().Build();
        Serializer serializer = silo.Services.GetRequiredService<Serializer>();
        Exception written = new StoreUnavailableException("The ledger is away.", new TimeoutException("Too late."));

        Exception? read = serializer.Deserialize<Exception>(serializer.SerializeToArray(written));

        Assert.Equal("The ledger is away.", Assert.IsType<StoreUnavailableException>(read).Message);
        Assert.Equal("Too late.", Assert.IsType<TimeoutException>(read.InnerException).Message);
    }
}
