using Microsoft.Extensions.Configuration;

namespace AIOrleans.Host.Tracing;

/// <summary>Reads from the standard variables whether anything is to be sent; what else they say, the SDK reads itself.</summary>
// Source: OpenTelemetry specification, environment variables and OTLP exporter configuration.
internal static class ExportVariables
{
    /// <param name="signal"><c>TRACES</c> or <c>METRICS</c>.</param>
    /// <returns>True when an exporter is named, or an endpoint and no exporter.</returns>
    public static bool Sends(string signal, IConfiguration configuration)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string? exporter = configuration[$"OTEL_{signal}_EXPORTER"];
        return string.IsNullOrWhiteSpace(exporter)
            ? !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"])
            : exporter.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>True when the operator says what this service is called.</summary>
    public static bool NamesService(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_SERVICE_NAME"])
        || configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) == true;
}
