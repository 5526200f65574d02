using AIOrleans.Grains.Accounts;
using AIOrleans.Grains.Adaptive;
using AIOrleans.Grains.Outages;
using AIOrleans.Grains.Requests;
using AIOrleans.Grains.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains;

/// <summary>Registers what the grains need besides the ports.</summary>
/// <remarks>
/// A host stops its services in the reverse order of their registration. So: storage and the silo before this, the gateway after it. Then
/// requests end first, settlements next while accounts can still be told, then what is to be published, and the ledger last.
/// </remarks>
public static class GrainServices
{
    public static IServiceCollection AddAIOrleansGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HoldOptions>().Bind(configuration.GetSection(HoldOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldOptions>, HoldOptionsValidator>());
        services.AddOptions<LineOptions>().Bind(configuration.GetSection(LineOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LineOptions>, LineOptionsValidator>());
        services.AddOptions<AdaptiveOptions>().Bind(configuration.GetSection(AdaptiveOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdaptiveOptions>, AdaptiveOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RateMultiplier>();
        services.TryAddSingleton<ILoadProbe, ProcessProbe>();
        services.TryAddSingleton<AccountGrains>();
        services.TryAddSingleton<HoldExtensions>();
        services.TryAddSingleton<AccountNotices>();
        services.TryAddSingleton<UsagePublisher>();
        services.TryAddSingleton<StoreOutage>();
        services.TryAddSingleton<StoreProbe>();
        services.TryAddSingleton<JournaledHolds>();
        services.TryAddSingleton<OutageHolds>();
        services.TryAddSingleton<OutageSettlements>();
        services.TryAddSingleton<Settlements>();
        services.TryAddSingleton<Corrections>();
        services.TryAddSingleton<LedgerHolds>();
        services.AddHostedService(provider => provider.GetRequiredService<UsagePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<Settlements>());
        services.AddHostedService<JournalReplay>();
        services.AddHostedService<OrphanKeeper>();
        services.AddHostedService<AdaptiveSampler>();
        return services;
    }
}
