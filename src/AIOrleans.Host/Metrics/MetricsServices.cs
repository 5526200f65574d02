using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Metrics;

/// <summary>Registers and maps <c>/metrics</c>.</summary>
internal static class MetricsServices
{
    /// <summary>Every meter of the product, and the runtime's own.</summary>
    private static readonly string[] Meters = ["AIOrleans.", "System.Runtime"];

    public static void AddAIOrleansMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddOptions<MetricsOptions>().Bind(configuration.GetSection(MetricsOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MetricsOptions>, MetricsOptionsValidator>());
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton<HostMetrics>();
        services.AddSingleton(provider => new MetricStore(
            provider.GetRequiredService<IMeterFactory>(),
            [.. Meters, .. provider.GetRequiredService<IOptions<MetricsOptions>>().Value.ExtraMeters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            provider.GetRequiredService<IOptions<MetricsOptions>>().Value.SeriesMax,
            provider.GetRequiredService<ILogger<MetricStore>>()));
    }

    /// <summary>Begins to gather, unless nobody is to be told: then no instrument has a listener, and costs nothing.</summary>
    public static void MapAIOrleansMetrics(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.Enabled)
        {
            return;
        }

        _ = app.Services.GetRequiredService<HostMetrics>();
        MetricsEndpoint endpoint = app.Services.GetRequiredService<MetricsEndpoint>();
        app.MapGet("/metrics", (RequestDelegate)endpoint.RunAsync);
    }
}
