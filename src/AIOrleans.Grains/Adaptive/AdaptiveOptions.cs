using System.ComponentModel.DataAnnotations;
using AIOrleans.Core.Adaptive;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains.Adaptive;

/// <summary>How busy a silo should be at most, for the rates of adaptive limits. Section <c>Adaptive</c>.</summary>
public sealed class AdaptiveOptions
{
    public const string Section = "Adaptive";

    /// <summary>Of all processors that the process may use. Default 70.</summary>
    [Range(1, 100)] public int CpuPercentTarget { get; set; } = 70;

    /// <summary>Managed heap, of the memory that the process may use (in a container: its limit). Default 75.</summary>
    [Range(1, 100)] public int MemoryPercentTarget { get; set; } = 75;

    /// <summary>Calls and settlements that wait for the ledger. Default 1 000: one batch of its writer.</summary>
    [Range(1, 1_000_000)] public int LedgerQueueTarget { get; set; } = 1_000;

    /// <summary>Requests that hold on this process. Default 5 000.</summary>
    [Range(1, 1_000_000)] public int LiveCallsTarget { get; set; } = 5_000;

    /// <summary>How often the load is measured, in seconds. Default 5.</summary>
    [Range(1, 60)] public int SampleSeconds { get; set; } = 5;

    /// <summary>How often the rates follow it, in seconds. Default 60.</summary>
    [Range(1, 3_600)] public int StepSeconds { get; set; } = 60;

    public LoadReading Targets => new(CpuPercentTarget * 10, MemoryPercentTarget * 10, LedgerQueueTarget, LiveCallsTarget);
}

[OptionsValidator]
internal sealed partial class AdaptiveOptionsValidator : IValidateOptions<AdaptiveOptions>;
