using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Compat.Hosting;

/// <summary>Name and address of the one silo.</summary>
internal sealed class SiloDetails : ILocalSiloDetails
{
    public SiloDetails(IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster, IOptions<EndpointOptions> endpoint, TimeProvider time)
    {
        int generation = (int)(time.GetUtcNow() - new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
        SiloAddress = SiloAddress.New(IPAddress.Loopback, endpoint.Value.SiloPort, generation);
        GatewayAddress = SiloAddress.New(IPAddress.Loopback, endpoint.Value.GatewayPort, generation);
        Name = silo.Value.SiloName ?? $"Silo_{SiloAddress.Generation:x8}";
        ClusterId = cluster.Value.ClusterId;
    }

    public string Name { get; }

    public string ClusterId { get; }

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; }

    public SiloAddress GatewayAddress { get; }
}
