using System.Diagnostics;
using AIOrleans.Core.Money;
using AIOrleans.Core.Routing;
using AIOrleans.Core.Usage;

namespace AIOrleans.Gateway.Flow;

/// <summary>One provider call made for a request, as settling needs it.</summary>
internal sealed class AttemptRecord(int number, RouteCandidate candidate)
{
    /// <summary>1 for the first call of the request.</summary>
    public int Number { get; } = number;

    public RouteCandidate Candidate { get; } = candidate;

    /// <summary>Ends with the answer; null when nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>From the request's arrival to this call.</summary>
    public required TimeSpan StartedAfter { get; init; }

    /// <summary>How long the call took; null while it answers, which ends with the request.</summary>
    public TimeSpan? Took { get; set; }

    /// <summary>Why it failed, in one word of <see cref="Telemetry.Words"/>; null when it did not.</summary>
    public string? Error { get; set; }

    /// <summary>True when the provider has, or may have, processed the call and will bill it.</summary>
    public bool IsBilled { get; set; }

    /// <summary>What the provider said was used; null: not told, estimate it.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>What the provider said it read, before it said what it wrote; null: not told.</summary>
    public TokenUsage? InputTold { get; set; }

    /// <summary>The service tier that the provider says it served; null: not told.</summary>
    public ServiceTier? Service { get; set; }

    /// <summary>What the output that passed is estimated at, where <see cref="Usage"/> is null.</summary>
    public long OutputTokens { get; set; }
}
