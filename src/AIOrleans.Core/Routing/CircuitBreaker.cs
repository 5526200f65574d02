namespace AIOrleans.Core.Routing;

/// <summary>What a breaker lets through.</summary>
public enum BreakerState
{
    /// <summary>Calls flow.</summary>
    Closed,

    /// <summary>No call until the pause is over.</summary>
    Open,

    /// <summary>The pause is over and one probe is out.</summary>
    HalfOpen,
}

/// <summary>Keeps calls away from a deployment that fails: opens on a run or a share of failures, closes when a probe succeeds.</summary>
/// <remarks>Not thread-safe; the grain that owns it is its lock. Pauses double while probes fail, with jitter so that breakers do not fall in step.</remarks>
public sealed class CircuitBreaker
{
    /// <summary>Failures in a row that open it: enough to rule out chance, few enough that users hardly see them.</summary>
    public const int FailuresInARowMax = 5;

    /// <summary>Attempts within <see cref="Window"/> before the share of failures means something.</summary>
    public const int ShareAttemptsMin = 20;

    /// <summary>The share of failures that opens it, in percent.</summary>
    public const int SharePercentMax = 50;

    /// <summary>How long attempts count for the share.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>The first pause, before the jitter shortens it.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause, also for what a deployment asks by <c>retry-after</c>.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(120);

    /// <summary>A probe that reports nothing for so long is given up and another may go.</summary>
    public static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(60);

    private readonly Random jitter;
    private DateTimeOffset windowStartedAt;
    private int windowAttempts;
    private int windowFailures;
    private int pauses;
    private DateTimeOffset probeAt;

    /// <param name="jitter">Shortens pauses by up to 20 %; seeded in tests.</param>
    public CircuitBreaker(Random jitter) => this.jitter = jitter;

    public BreakerState State { get; private set; }

    /// <summary>End of the pause; null while closed.</summary>
    public DateTimeOffset? OpenUntil { get; private set; }

    public int ConsecutiveFailures { get; private set; }

    /// <summary>Counts one attempt of the deployment.</summary>
    /// <param name="retryAfter">How long the deployment asked to be left alone: opens at once, bounded by <see cref="PauseMax"/>.</param>
    public void Report(bool succeeded, TimeSpan? retryAfter, DateTimeOffset now)
    {
        if (now - windowStartedAt > Window)
        {
            windowStartedAt = now;
            windowAttempts = 0;
            windowFailures = 0;
        }

        windowAttempts++;
        if (succeeded)
        {
            ConsecutiveFailures = 0;
            if (State != BreakerState.Closed && now >= OpenUntil)
            {
                Close(now);
            }

            return;
        }

        windowFailures++;
        ConsecutiveFailures++;
        if (State == BreakerState.HalfOpen || (State == BreakerState.Closed && IsTooMany))
        {
            Open(NextPause(), now);
        }

        if (retryAfter is { } asked && asked > TimeSpan.Zero)
        {
            Open(asked > PauseMax ? PauseMax : asked, now);
        }
    }

    /// <summary>Asks to be the one probe after the pause.</summary>
    /// <returns>True to one caller per pause; always true while closed.</returns>
    public bool TryProbe(DateTimeOffset now)
    {
        switch (State)
        {
            case BreakerState.Closed:
                return true;
            case BreakerState.Open when now >= OpenUntil:
            case BreakerState.HalfOpen when now - probeAt > ProbeMax:
                State = BreakerState.HalfOpen;
                probeAt = now;
                return true;
            default:
                return false;
        }
    }

    private bool IsTooMany =>
        ConsecutiveFailures >= FailuresInARowMax
        || (windowAttempts >= ShareAttemptsMin && windowFailures * 100 >= windowAttempts * SharePercentMax);

    private TimeSpan NextPause()
    {
        TimeSpan pause = PauseMin * Math.Pow(2, Math.Min(pauses, 8));
        pauses++;
        return (pause > PauseMax ? PauseMax : pause) * (1 - (jitter.NextDouble() * 0.2));
    }

    private void Open(TimeSpan pause, DateTimeOffset now)
    {
        State = BreakerState.Open;
        DateTimeOffset until = now + pause;
        OpenUntil = OpenUntil is { } already && already > until ? already : until;
    }

    private void Close(DateTimeOffset now)
    {
        State = BreakerState.Closed;
        OpenUntil = null;
        pauses = 0;
        windowStartedAt = now;
        windowAttempts = 0;
        windowFailures = 0;
    }
}
