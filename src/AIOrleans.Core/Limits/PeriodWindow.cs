namespace AIOrleans.Core.Limits;

/// <summary>What was settled in the current period of one kind, and in the one before.</summary>
/// <remarks>
/// Instants come from the clocks of several silos. The newest one seen decides which period is <i>current</i>; a caller whose clock
/// is behind is still in the <i>previous</i> one and may settle into either, so both must have room for it. That keeps quotas exact
/// whatever the skew. Not thread-safe.
/// </remarks>
internal sealed class PeriodWindow
{
    private TimeZoneInfo zone;
    private long startTicks;
    private long endTicks;
    private long previousStartTicks;
    private long previousEndTicks;
    private Tally current = new();
    private Tally previous = new();

    public PeriodWindow(QuotaPeriod period, TimeZoneInfo zone, long nowTicks)
    {
        Period = period;
        this.zone = zone;
        (startTicks, endTicks) = BoundsOf(nowTicks);
        (previousStartTicks, previousEndTicks) = BoundsBefore(startTicks);
    }

    public QuotaPeriod Period { get; }

    public bool Contains(long ticks) => ticks >= startTicks && ticks < endTicks;

    /// <summary>Makes the period of <paramref name="ticks"/> the current or the previous one, unless it is older than both.</summary>
    public void Reach(long ticks)
    {
        if (ticks >= endTicks)
        {
            (current, previous) = (previous, current);
            current.Clear();
            (previousStartTicks, previousEndTicks) = (startTicks, endTicks);
            (startTicks, endTicks) = BoundsOf(ticks);
        }
        else if (ticks < startTicks && ticks >= previousEndTicks)
        {
            // The current period lies ahead of a gap (some clock was far ahead): this one is the newest before it.
            previous.Clear();
            (previousStartTicks, previousEndTicks) = BoundsOf(ticks);
        }
    }

    /// <summary>Settled in <paramref name="column"/> as a caller at <paramref name="ticks"/> must see it.</summary>
    public long Settled(int column, long ticks) => ticks >= startTicks ? current[column] : Math.Max(current[column], previous[column]);

    /// <summary>The totals of the period of <paramref name="ticks"/>, for show.</summary>
    public Tally TotalsAt(long ticks) => ticks >= startTicks ? current : previous;

    /// <summary>Start and end of the period of <paramref name="ticks"/>.</summary>
    public (long StartTicks, long EndTicks) BoundsAt(long ticks) =>
        ticks >= startTicks ? (startTicks, endTicks) : (previousStartTicks, previousEndTicks);

    public PeriodLive ViewAt(long ticks)
    {
        (long start, long end) = BoundsAt(ticks);
        Tally totals = TotalsAt(ticks);
        return new PeriodLive(
            Period, new DateTimeOffset(start, TimeSpan.Zero), Period == QuotaPeriod.Total ? null : new DateTimeOffset(end, TimeSpan.Zero),
            totals[TallyColumns.Requests], totals.Size.Tokens, totals.Size.Cost);
    }

    /// <summary>Counts what was settled at <paramref name="ticks"/>. Older than both periods, it no longer limits anything and is the ledger's alone.</summary>
    public void Add(long ticks, in TallyEntry used)
    {
        Reach(ticks);
        if (ticks >= startTicks)
        {
            current.Add(used);
        }
        else if (ticks >= previousStartTicks)
        {
            previous.Add(used);
        }
    }

    /// <summary>Follows another calendar from now on. What was counted stays counted in the period that is current by it.</summary>
    public void Rezone(TimeZoneInfo newZone, long nowTicks)
    {
        zone = newZone;
        (startTicks, endTicks) = BoundsOf(Math.Max(nowTicks, startTicks));
        (previousStartTicks, previousEndTicks) = BoundsBefore(startTicks);
    }

    private (long StartTicks, long EndTicks) BoundsOf(long ticks)
    {
        PeriodBounds bounds = CalendarPeriod.Of(Period, new DateTimeOffset(ticks, TimeSpan.Zero), zone);
        return (bounds.StartsAt.UtcTicks, bounds.EndsAt.UtcTicks);
    }

    private (long StartTicks, long EndTicks) BoundsBefore(long ticks) => Period == QuotaPeriod.Total ? (0, 0) : BoundsOf(ticks - 1);
}
