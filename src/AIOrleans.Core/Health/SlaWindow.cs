namespace AIOrleans.Core.Health;

/// <summary>The service level that one account has seen lately: sliding windows of five minutes, one hour and one day.</summary>
/// <remarks>
/// Windows move in steps of one minute, five minutes and two hours, so they cover between one step less and the whole of their length;
/// <see cref="SlaSpan.From"/> says how much. About 12 kB for an account that is called every few minutes, 40 kB for a busy one,
/// nothing before the first request. What ends in the minute that is filling is counted once, and added to all windows when the next begins. Not thread-safe.
/// </remarks>
public sealed class SlaWindow
{
    private const int MinuteSlots = 5;

    private readonly long sinceTicks;
    private readonly SlaSlot minute = new();
    private SlaRing[] rings = [];

    /// <param name="since">When the account woke up: it knows of nothing earlier.</param>
    public SlaWindow(DateTimeOffset since) => sinceTicks = since.UtcTicks;

    private long MinuteTicks => minute.Number * TimeSpan.TicksPerMinute;

    /// <summary>Counts one request that was settled at <paramref name="at"/>. Order does not matter; what is older than a window is left out of it.</summary>
    public void Observe(in SlaObservation seen, DateTimeOffset at)
    {
        long number = at.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute.Number != number)
        {
            if (rings.Length == 0)
            {
                rings = NewRings();
            }

            if (minute.IsBefore(number, MinuteSlots))
            {
                foreach (SlaRing ring in rings)
                {
                    ring.Observe(seen, at.UtcTicks);
                }

                return;
            }

            BeginMinute(number);
        }

        minute.Add(seen);
    }

    /// <summary>The windows that end at <paramref name="now"/>.</summary>
    public SlaReport ViewAt(DateTimeOffset now)
    {
        SlaRing[] shown = rings.Length == 0 ? NewRings() : rings;
        return new SlaReport(SpanOf(shown[0]), SpanOf(shown[1]), SpanOf(shown[2]));

        SlaSpan SpanOf(SlaRing ring) => ring.ViewAt(now.UtcTicks, sinceTicks, minute, MinuteTicks);
    }

    private static SlaRing[] NewRings() =>
        [new SlaRing(MinuteSlots, TimeSpan.FromMinutes(1)), new SlaRing(12, TimeSpan.FromMinutes(5)), new SlaRing(12, TimeSpan.FromHours(2))];

    private void BeginMinute(long number)
    {
        if (minute.Number >= 0)
        {
            foreach (SlaRing ring in rings)
            {
                ring.Merge(minute, MinuteTicks);
            }
        }

        minute.BeginIfNew(number);
    }
}
