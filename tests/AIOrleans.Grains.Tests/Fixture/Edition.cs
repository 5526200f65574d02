using System.Net;
using System.Net.Sockets;
using AIOrleans.Contracts.Usage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>All that differs between the editions.</summary>
internal static class Edition
{
    /// <summary>Free ports, because genuine Orleans listens on them and several hosts run at once.</summary>
    public static void Compose(ISiloBuilder silo)
    {
        (int siloPort, int gatewayPort) = (FreePort(), FreePort());
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: $"test-{siloPort}", clusterId: $"test-{siloPort}");
        silo.AddMemoryStreams(UsageStream.Provider);
        silo.AddMemoryGrainStorageAsDefault();

        // The test moves the clock by minutes while calls are under way.
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromDays(1));
#if CLUSTER
        silo.AddMemoryGrainStorage("PubSubStore");

        // The product's clock is moved by the test; Orleans keeps the real one.
        silo.Services.AddKeyedSingleton<TimeProvider>(KeyedService.AnyKey, (_, _) => TimeProvider.System);
#endif
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
