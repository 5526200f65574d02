using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;

namespace AIOrleans.Engine.Tests.Fixture;

/// <summary>A running host with the engine in it, composed as the product composes it; <c>Edition</c> says what differs between editions.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    public const string Storage = "records";
    public const string Streams = "streams";

    private readonly IHost host;

    private EngineHost(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public IClusterClient Client => host.Services.GetRequiredService<IClusterClient>();

    public Signals Signals => host.Services.GetRequiredService<Signals>();

    public static async Task<EngineHost> StartAsync(Action<ISiloBuilder>? compose = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Signals>();
        builder.UseOrleans(silo =>
        {
            Edition.Compose(silo);
            silo.AddMemoryGrainStorage(Storage);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(Streams);
            compose?.Invoke(silo);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host);
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>The host that tests share when they need nothing special of it.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private EngineHost? host;

    // ! xunit calls InitializeAsync first.
    public EngineHost Host => host!;

    public async Task InitializeAsync() => host = await EngineHost.StartAsync(static silo => silo
        .UseInMemoryReminderService()
        .Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(10)));

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>Names the collection of tests that share one host.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHostTests : ICollectionFixture<SharedHost>
{
    public const string Name = "shared host";
}
