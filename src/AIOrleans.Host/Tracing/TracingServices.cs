using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AIOrleans.Host.Tracing;

/// <summary>Sends spans and metrics to an OTLP collector, where the standard variables <c>OTEL_*</c> name one. Otherwise nothing listens, and spans cost nothing.</summary>
internal static class TracingServices
{
    private const string ServiceName = "aiorleans";

    public static void AddAIOrleansExport(this IServiceCollection services, IConfiguration configuration)
    {
        bool sendsTraces = ExportVariables.Sends("TRACES", configuration);
        bool sendsMetrics = ExportVariables.Sends("METRICS", configuration);
        if (!sendsTraces && !sendsMetrics)
        {
            return;
        }

        var telemetry = services.AddOpenTelemetry();
        if (!ExportVariables.NamesService(configuration))
        {
            string? version = typeof(TracingServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            telemetry.ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: version));
        }

        if (sendsTraces)
        {
            telemetry.WithTracing(tracing => tracing.AddSource("AIOrleans.*").AddOtlpExporter());
        }

        if (sendsMetrics)
        {
            telemetry.WithMetrics(metrics => metrics.AddMeter("AIOrleans.*", "System.Runtime").AddOtlpExporter());
        }
    }
}
