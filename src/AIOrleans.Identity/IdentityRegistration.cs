using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Identity.Telemetry;
using AIOrleans.Identity.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity;

/// <summary>Registers who is calling.</summary>
public static class IdentityRegistration
{
    /// <summary>
    /// Adds the live directory and prices, their poll and <see cref="RequestIdentity"/>. Needs an <c>IDirectoryStore</c>, an <c>IPriceStore</c>, an <c>ISiloStore</c>, an <c>ISiloFacts</c> and an <c>ISecretVault</c>;
    /// register what writes the first records before or after: the poll loads at start.
    /// </summary>
    public static IServiceCollection AddAIOrleansIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DirectoryOptions>().BindConfiguration("Directory").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DirectoryOptions>, DirectoryOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LiveDirectory>();
        services.TryAddSingleton<IDirectory>(provider => provider.GetRequiredService<LiveDirectory>());
        services.TryAddSingleton<LivePrices>();
        services.TryAddSingleton<IPrices>(provider => provider.GetRequiredService<LivePrices>());
        services.TryAddSingleton<CallerDirectory>();
        services.AddJwt(configuration);
        services.TryAddSingleton(provider => new RequestIdentity(provider.GetRequiredService<CallerDirectory>(), provider.GetRequiredService<TokenCallers>()));
        services.AddMetrics();
        services.TryAddSingleton<DirectoryAge>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DirectoryGauges>());
        services.TryAddSingleton<DirectoryFreshness>();
        services.TryAddSingleton<StoreFollower>();
        services.TryAddSingleton<ChangeSpread>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DirectoryPoll>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DirectoryCheck>());
        return services;
    }
}
