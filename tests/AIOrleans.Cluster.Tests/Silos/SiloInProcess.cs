using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>A silo in the test process, and the grains as seen from it.</summary>
public sealed class SiloInProcess : IAsyncDisposable
{
    private readonly IHost host;

    private SiloInProcess(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public static async Task<SiloInProcess> StartAsync(SiloSettings settings, Action<HostApplicationBuilder>? more = null)
    {
        HostApplicationBuilder builder = settings.ToBuilder();
        more?.Invoke(builder);
        IHost host = builder.Build();
        await host.StartAsync();
        return new SiloInProcess(host);
    }

    /// <summary>Waits until this silo sees <paramref name="count"/> silos as active.</summary>
    public async Task SeesActiveAsync(int count) => await Eventually.Async(
        async () => (await StatusesAsync()).Values.Count(status => status == SiloStatus.Active),
        active => active == count,
        $"{count} active silos seen from {Address}");

    public async Task<IReadOnlyDictionary<SiloAddress, SiloStatus>> StatusesAsync() =>
        await Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false);

    public async Task StopAsync() => await host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
