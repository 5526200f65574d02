using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>As in OpenTelemetry.Extensions.Hosting, for registries that lack it: OpenTelemetry's own SDK, started with the host.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Adds the SDK; what it listens to and where that goes is added to what this returns. Repeated calls are one.</summary>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
        return new OpenTelemetryBuilder(services);
    }
}
