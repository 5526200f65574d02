using System.Net;
using AIOrleans.Core.Directory;
using AIOrleans.Providers.Simulated;

namespace AIOrleans.Providers.Http;

/// <summary>Owns the connections to all providers: one pool per host, shared by all requests of the process.</summary>
internal sealed class Upstreams : IDisposable
{
    /// <summary>Bytes and time given to the rest of an answer that nobody reads: enough for the end mark behind <c>[DONE]</c>, and a provider
    /// that goes on talking is cut off.</summary>
    private const int DrainBytesMax = 512;
    private static readonly TimeSpan DrainMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Connections are renewed so that changed addresses of a host are noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Shorter than the idle timeout of usual front ends, so that we close first.</summary>
    private static readonly TimeSpan ConnectionIdleMax = TimeSpan.FromSeconds(50);

    /// <summary>Above every <c>Timeouts.Connect</c>: ends attempts to connect that no request waits for any more.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker sockets = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = int.MaxValue,
        ConnectTimeout = ConnectMax,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = ConnectionIdleMax,
        MaxResponseDrainSize = DrainBytesMax,
        ResponseDrainTimeout = DrainMax,
    });

    private readonly HttpMessageInvoker simulated;

    public Upstreams(TimeProvider time) => simulated = new HttpMessageInvoker(new SimulatedHandler(time));

    /// <summary>Who takes the requests of <paramref name="provider"/>.</summary>
    public HttpMessageInvoker For(ProviderConfig provider) => provider.Kind == ProviderKinds.Simulated ? simulated : sockets;

    public void Dispose()
    {
        sockets.Dispose();
        simulated.Dispose();
    }
}
