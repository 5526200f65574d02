using AIOrleans.Providers.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIOrleans.Providers;

/// <summary>Registers this project.</summary>
public static class ProviderServices
{
    /// <summary>Adds <see cref="IChatProvider"/> for every kind of provider. Needs logging; brings the system clock unless there is another.</summary>
    public static IServiceCollection AddAIOrleansProviders(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Upstreams>();
        services.TryAddSingleton<Endpoints>();
        services.TryAddSingleton<IChatProvider, ChatProvider>();
        return services;
    }
}
