namespace AIOrleans.Core.Limits;

/// <summary>Tells whether an account is asked so often that it is worth splitting.</summary>
/// <remarks>It becomes hot within the second in which it is asked often enough, and cools when a whole second brings less than half of that. Not thread-safe.</remarks>
public sealed class AskMeter(int perSecondMin)
{
    private long startTicks;
    private int count;

    public bool IsHot { get; private set; }

    /// <summary>Counts calls that were admitted or asked for, here or from slices.</summary>
    public void Count(int calls, DateTimeOffset now)
    {
        long elapsedTicks = now.UtcTicks - startTicks;
        if (elapsedTicks is < 0 or >= TimeSpan.TicksPerSecond)
        {
            // A quiet pause ends it; slices tell of their calls up to a second late, so one second without any is none.
            IsHot = IsHot && elapsedTicks is > 0 and < 3 * TimeSpan.TicksPerSecond && count * 2L >= perSecondMin;
            startTicks = now.UtcTicks;
            count = 0;
        }

        count += calls;
        IsHot |= count >= perSecondMin;
    }
}
