using AIOrleans.Core.Ports;
using AIOrleans.Providers.Http;
using AIOrleans.Providers.Keys;
using AIOrleans.Providers.Objects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIOrleans.Providers;

/// <summary>Registers this project.</summary>
public static class ProviderServices
{
    /// <summary>Adds <see cref="IChatProvider"/> for every kind of provider, <see cref="IObjectProvider"/>, and <see cref="IProviderKeys"/>. Needs logging; brings the system clock unless there is another.</summary>
    public static IServiceCollection AddAIOrleansProviders(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Upstreams>();
        services.TryAddSingleton<Endpoints>();
        services.TryAddSingleton<ChatProvider>();
        services.TryAddSingleton<KeyRings>();
        services.TryAddSingleton<IProviderKeys>(provider => provider.GetRequiredService<KeyRings>());
        services.TryAddSingleton<IChatProvider, KeyRotation>();
        services.TryAddSingleton<IObjectProvider, ObjectProvider>();
        return services;
    }
}
