using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Routing;
using Orleans;

namespace AIOrleans.Grains.Providers;

/// <summary>Owns the circuit breaker of one deployment. Its state is worth nothing after a pause, so it is kept in memory only.</summary>
internal sealed class ProviderGrain(TimeProvider time) : Grain, IProviderGrain
{
    /// <summary>Weight of the newest first-byte time in the moving average, as 1/n.</summary>
    private const int AverageOver = 8;

    private readonly CircuitBreaker breaker = new(new Random());
    private long attempts;
    private long failures;
    private long? firstByteMicros;
    private string? lastFailure;
    private DateTimeOffset? lastFailureAt;

    public Task<BreakerView> ReportAsync(AttemptReport report)
    {
        DateTimeOffset now = time.GetUtcNow();
        breaker.Report(report.Succeeded, report.RetryAfter, now);
        attempts++;
        if (report is { Succeeded: true, FirstByteMicros: { } micros })
        {
            firstByteMicros = firstByteMicros is { } average ? average + ((micros - average) / AverageOver) : micros;
        }

        if (!report.Succeeded)
        {
            failures++;
            lastFailure = report.Reason;
            lastFailureAt = now;
        }

        return ViewAsync();
    }

    public Task<bool> TryProbeAsync() => Task.FromResult(breaker.TryProbe(time.GetUtcNow()));

    public Task<BreakerView> ViewAsync() => Task.FromResult(new BreakerView
    {
        State = breaker.State switch { BreakerState.Closed => "closed", BreakerState.Open => "open", _ => "half-open" },
        OpenUntil = breaker.OpenUntil,
        Attempts = attempts,
        Failures = failures,
        ConsecutiveFailures = breaker.ConsecutiveFailures,
        FirstByteMicros = firstByteMicros,
        LastFailure = lastFailure,
        LastFailureAt = lastFailureAt,
    });
}
