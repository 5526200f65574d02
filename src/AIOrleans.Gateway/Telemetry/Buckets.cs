using System.Diagnostics.Metrics;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Bounds of histograms.</summary>
internal static class Buckets
{
    /// <summary>Calls of models, in seconds. Source: OpenTelemetry semantic conventions for generative AI, gen_ai.client.operation.duration.</summary>
    public static InstrumentAdvice<double> Calls { get; } = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    /// <summary>What the gateway adds to a call, in seconds.</summary>
    public static InstrumentAdvice<double> Steps { get; } = new()
    {
        HistogramBucketBoundaries = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Tokens of one call. Source: likewise, gen_ai.client.token.usage.</summary>
    public static InstrumentAdvice<long> Tokens { get; } = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };
}
