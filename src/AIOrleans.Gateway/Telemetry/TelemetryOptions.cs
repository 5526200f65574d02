using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>What the data plane tells of its callers. Section <c>Metrics</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Metrics";

    /// <summary>Tenants that get a label of their own in requests, tokens and cost; further ones share <c>other</c>. Default 0: no label.</summary>
    [Range(0, 1000)] public int TenantsMax { get; set; }
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
