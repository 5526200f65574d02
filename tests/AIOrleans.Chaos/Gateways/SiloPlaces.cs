using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AIOrleans.Chaos.Gateways;

/// <summary>What makes processes of the gateway the silos of one installation: places at which they find each other, and one key for all. In the Embedded edition only the key counts.</summary>
internal sealed class SiloPlaces(int count)
{
    public const string Loopback = "127.0.0.1";

    private readonly int[] ports = FreePorts(count);

    /// <summary>For every process alike.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["AIORLEANS_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
    };

    /// <summary>As a silo calls itself.</summary>
    public string NameOf(int slot) => $"{System.Environment.MachineName}:{ports[slot]}";

    /// <summary>Arguments of the process in <paramref name="slot"/>. A silo that comes back at its old place replaces the dead one at once.</summary>
    /// <param name="clusterId">Silos of another one are strangers.</param>
    /// <param name="address">Of this machine, or of a network that the silo has for itself.</param>
    public IReadOnlyList<string> ArgumentsOf(int slot, string clusterId, string address = Loopback) =>
    [
        "--Cluster:SiloPort", $"{ports[slot]}",
        "--Cluster:AdvertisedIPAddress", address,
        "--Cluster:ClusterId", clusterId,
    ];

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] free = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, listener => listener.Dispose());
        return free;
    }
}
