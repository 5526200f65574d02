using System.Net;
using System.Net.Sockets;
using Orleans.Hosting;

namespace AIOrleans.Engine.Tests.Fixture;

/// <summary>All that differs between the editions.</summary>
internal static class Edition
{
#if CLUSTER
    /// <summary>Genuine Orleans keeps more per activation; what matters is that it is bounded.</summary>
    internal const int BytesPerActivationMax = 8 * 1024;
#else
    internal const int BytesPerActivationMax = 1024;
#endif

    /// <summary>Free ports, because genuine Orleans listens on them and several hosts run at once.</summary>
    internal static void Compose(ISiloBuilder silo)
    {
        (int siloPort, int gatewayPort) = (FreePort(), FreePort());
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: $"test-{siloPort}", clusterId: $"test-{siloPort}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
