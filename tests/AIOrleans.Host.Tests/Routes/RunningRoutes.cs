using AIOrleans.Host.Tests.Running;
using AIOrleans.Host.Tests.Sdk;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Routes;

/// <summary>A gateway and its one provider.</summary>
internal sealed class RunningRoutes(ModelServer provider, RunningGateway gateway) : IAsyncDisposable
{
    private readonly HttpClient client = new() { BaseAddress = gateway.Url };

    public ModelServer Provider => provider;

    public RunningGateway Gateway => gateway;

    public static async Task<RunningRoutes> StartAsync(ModelWire wire, string timeouts = "{}", params string[] options)
    {
        ModelServer provider = await ModelServer.StartAsync(wire);
        return new RunningRoutes(provider, await RunningGateway.StartAsync(CellConfig.Json(wire, provider, timeouts), options));
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>The first request that reached the provider, once it has.</summary>
    public async Task<UpstreamRequest> ReceivedAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (provider.Requests.Count == 0)
        {
            await Task.Delay(5, patience.Token);
        }

        return provider.Requests.First();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
        await provider.DisposeAsync();
    }
}
