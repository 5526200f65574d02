using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Compat.Proxies;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Compat.Hosting;

/// <summary>The one builder of a host's silo; its services are added when it is first asked for.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    private SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    internal static SiloBuilder For(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(SiloBuilder))?.ImplementationInstance is SiloBuilder existing)
        {
            return existing;
        }

        SiloBuilder made = new(services, configuration);
        services.AddSingleton(made);
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILocalSiloDetails, SiloDetails>();
        services.TryAddSingleton<Silo>();
        services.TryAddSingleton<GrainFactory>(static provider => provider.GetRequiredService<Silo>().Factory);
        services.TryAddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<GrainFactory>());
        services.TryAddSingleton<IClusterClient>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddHostedService<SiloService>();
        return made;
    }
}

/// <summary>Starts the silo with the host and stops it with the host.</summary>
internal sealed class SiloService : IHostedService
{
    private readonly Silo silo;

    public SiloService(Silo silo) => this.silo = silo;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);
}
