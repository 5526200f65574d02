using AIOrleans.Grains.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains;

/// <summary>Registers what the grains need besides the ports.</summary>
public static class GrainServices
{
    public static IServiceCollection AddAIOrleansGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HoldOptions>().Bind(configuration.GetSection(HoldOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldOptions>, HoldOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Settlements>();
        services.AddHostedService(provider => provider.GetRequiredService<Settlements>());
        services.AddHostedService<OrphanKeeper>();
        return services;
    }
}
