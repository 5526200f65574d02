namespace AIOrleans.Gateway.Telemetry;

/// <summary>Where traces go on. Section <c>Tracing</c>.</summary>
public sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>Whether providers get the <c>traceparent</c> of their attempt. Default false: a trace's ids are nobody else's business.</summary>
    public bool ToProviders { get; set; }
}
