using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Gateway.Endpoints;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Gateway.Objects;
using AIOrleans.Gateway.Routing;
using AIOrleans.Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway;

/// <summary>Registers and maps the data plane.</summary>
public static class GatewayServices
{
    /// <summary>Needs the directory, the identity, the providers and a silo.</summary>
    public static IServiceCollection AddAIOrleansGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.AddOptions<QueueOptions>().Bind(configuration.GetSection(QueueOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>());
        services.AddTelemetry(configuration);
        services.TryAddSingleton<SiloStanding>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<InFlight>();
        services.TryAddSingleton<Linger>();
        services.AddHostedService(provider => provider.GetRequiredService<Linger>());
        services.TryAddSingleton<AbortDrain>();
        services.TryAddSingleton<KeepAlives>();
        services.TryAddSingleton<Pricing>();
        services.TryAddSingleton<StoreRefusals>();
        services.TryAddSingleton<Estimators>();
        services.TryAddSingleton<HoldPlanner>();
        services.TryAddSingleton<Breakers>();
        services.TryAddSingleton<RequestWorker>();
        services.TryAddSingleton<HoldGrowth>();
        services.TryAddSingleton<CutOffs>();
        services.TryAddSingleton<LiveHolds>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IQueueDepth, LiveHolds>(provider => provider.GetRequiredService<LiveHolds>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IQueueDepth, InFlight>(provider => provider.GetRequiredService<InFlight>()));
        services.TryAddSingleton<HotAccounts>();
        services.TryAddSingleton<IHotAccounts>(provider => provider.GetRequiredService<HotAccounts>());
        services.TryAddSingleton<LineWait>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IQueueDepth, LineWait>(provider => provider.GetRequiredService<LineWait>()));
        services.TryAddSingleton<SettlementTracker>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveHolds>());
        services.AddHostedService(provider => provider.GetRequiredService<SettlementTracker>());
        services.AddOptions<IdempotencyOptions>().Bind(configuration.GetSection(IdempotencyOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdempotencyOptions>, IdempotencyOptionsValidator>());
        services.TryAddSingleton<Recordings>();
        services.TryAddSingleton<Replayer>();
        services.TryAddSingleton<LeadEndings>();
        services.TryAddSingleton<LeadKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LeadKeeper>());
        services.AddHostedService(provider => provider.GetRequiredService<LeadEndings>());
        services.TryAddSingleton<Permissions>();
        services.TryAddSingleton<IdentifyStep>();
        services.TryAddSingleton<AcceptStep>();
        services.TryAddSingleton<AuthorizeStep>();
        services.TryAddSingleton<InspectStep>();
        services.TryAddSingleton<RepeatStep>();
        services.TryAddSingleton<HoldStep>();
        services.TryAddSingleton<RouteStep>();
        services.TryAddSingleton<CountStep>();
        services.TryAddSingleton<CallStep>();
        services.TryAddSingleton<BytesRelay>();
        services.TryAddSingleton<RelayStep>();
        services.TryAddSingleton<SettleStep>();
        services.TryAddSingleton<RequestFlow>();
        services.TryAddSingleton<FileOwners>();
        services.TryAddSingleton<ObjectSteps>();
        services.TryAddSingleton<ObjectHolds>();
        services.TryAddSingleton<BatchInput>();
        services.TryAddSingleton<BatchAccounts>();
        services.TryAddSingleton<FilesEndpoint>();
        services.TryAddSingleton<BatchesEndpoint>();
        services.TryAddSingleton<BatchKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<BatchKeeper>());
        services.TryAddSingleton<ModelsEndpoint>();
        services.TryAddSingleton<HealthEndpoints>();
        services.TryAddSingleton<UnknownEndpoint>();
        return services;
    }

    /// <summary>Goes before everything that answers.</summary>
    public static void UseAIOrleansGateway(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<Linger>().CloseAsync);

    private static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>());
        services.AddOptions<TracingOptions>().Bind(configuration.GetSection(TracingOptions.Section));
        services.TryAddSingleton<TenantLabels>();
        services.TryAddSingleton<RequestMetrics>();
        services.TryAddSingleton<UsageMetrics>();
        services.TryAddSingleton<LiveMetrics>();
        services.AddHostedService<GatewayGauges>();
    }
}
