namespace AIOrleans.Core.Limits;

/// <summary>One calendar period as instants: <paramref name="StartsAt"/> belongs to it, <paramref name="EndsAt"/> is the start of the next.</summary>
public readonly record struct PeriodBounds(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Calendar periods of a time zone: a pure function of the instant, so that nothing can miss a boundary.</summary>
/// <remarks>
/// Periods of one kind follow each other without gap or overlap, whatever the clocks of the zone do:
/// a period begins at the first instant whose local time reaches its start. Hence a local midnight that does not exist is the
/// instant at which clocks jump over it, a day has 23, 24 or 25 hours, a skipped date is empty and never chosen, and a local hour
/// that happens twice is two hours. Results are UTC. Instants must lie in the years 2 to 9998.
/// </remarks>
public static class CalendarPeriod
{
    // Offsets lie between -14 and +14 hours; the transition that decides about a local midnight is no further away.
    private static readonly TimeSpan SearchBefore = TimeSpan.FromHours(15);
    private static readonly TimeSpan SearchAfter = TimeSpan.FromHours(15);

    /// <summary>When the <paramref name="period"/> that contains <paramref name="instant"/> began.</summary>
    public static DateTimeOffset StartOf(QuotaPeriod period, DateTimeOffset instant, TimeZoneInfo zone) => Of(period, instant, zone).StartsAt;

    /// <summary>When it ends: the first instant of the next. <see cref="DateTimeOffset.MaxValue"/> for <see cref="QuotaPeriod.Total"/>.</summary>
    public static DateTimeOffset EndOf(QuotaPeriod period, DateTimeOffset instant, TimeZoneInfo zone) => Of(period, instant, zone).EndsAt;

    /// <summary>The <paramref name="period"/> that contains <paramref name="instant"/>. Costs about a microsecond: keep the answer.</summary>
    public static PeriodBounds Of(QuotaPeriod period, DateTimeOffset instant, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return period switch
        {
            QuotaPeriod.Total => new PeriodBounds(DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
            QuotaPeriod.Minute => OfClock(TimeSpan.TicksPerMinute, instant.UtcDateTime, zone),
            QuotaPeriod.Hour => OfClock(TimeSpan.TicksPerHour, instant.UtcDateTime, zone),
            _ => OfDates(period, instant.UtcDateTime, zone),
        };
    }

    // Minutes and hours of the local clock, cut where the clock is set: a transition always begins a new one.
    private static PeriodBounds OfClock(long lengthTicks, DateTime utc, TimeZoneInfo zone)
    {
        TimeSpan offset = zone.GetUtcOffset(utc);
        DateTime start = utc.AddTicks(-((utc + offset).Ticks % lengthTicks));
        DateTime end = start.AddTicks(lengthTicks);
        if (zone.GetUtcOffset(start) != offset)
        {
            start = TransitionBetween(start, utc, zone);
        }

        DateTime last = end.AddTicks(-1);
        if (zone.GetUtcOffset(last) != offset)
        {
            end = TransitionBetween(utc, last, zone);
        }

        return new PeriodBounds(new DateTimeOffset(start), new DateTimeOffset(end));
    }

    private static PeriodBounds OfDates(QuotaPeriod period, DateTime utc, TimeZoneInfo zone)
    {
        DateTime first = FirstDateOf(period, (utc + zone.GetUtcOffset(utc)).Date);
        DateTime start = InstantOf(first, zone);
        DateTime next = NextOf(period, first);
        DateTime end = InstantOf(next, zone);

        // Clocks set back across midnight show yesterday's date once more: the new day goes on.
        while (utc >= end)
        {
            start = end;
            next = NextOf(period, next);
            end = InstantOf(next, zone);
        }

        return new PeriodBounds(new DateTimeOffset(start), new DateTimeOffset(end));
    }

    private static DateTime FirstDateOf(QuotaPeriod period, DateTime date) => period switch
    {
        QuotaPeriod.Day => date,
        QuotaPeriod.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        QuotaPeriod.Month => new DateTime(date.Year, date.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        QuotaPeriod.Quarter => new DateTime(date.Year, ((date.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, DateTimeKind.Utc),
        QuotaPeriod.Year => new DateTime(date.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period of dates."),
    };

    private static DateTime NextOf(QuotaPeriod period, DateTime first) => period switch
    {
        QuotaPeriod.Day => first.AddDays(1),
        QuotaPeriod.Week => first.AddDays(7),
        QuotaPeriod.Month => first.AddMonths(1),
        QuotaPeriod.Quarter => first.AddMonths(3),
        _ => first.AddYears(1),
    };

    /// <summary>The first instant at which local clocks show <paramref name="midnight"/> or later.</summary>
    private static DateTime InstantOf(DateTime midnight, TimeZoneInfo zone)
    {
        DateTime asUtc = DateTime.SpecifyKind(midnight, DateTimeKind.Utc);
        DateTime low = asUtc - SearchBefore;
        DateTime high = asUtc + SearchAfter;
        TimeSpan before = zone.GetUtcOffset(low);
        TimeSpan after = zone.GetUtcOffset(high);
        if (before == after)
        {
            return asUtc - before;
        }

        DateTime transition = TransitionBetween(low, high, zone);
        if (asUtc - before < transition)
        {
            return asUtc - before;
        }

        return asUtc - after >= transition ? asUtc - after : transition;
    }

    /// <summary>The first instant in (<paramref name="low"/>, <paramref name="high"/>] that no longer has the offset of <paramref name="low"/>.</summary>
    private static DateTime TransitionBetween(DateTime low, DateTime high, TimeZoneInfo zone)
    {
        TimeSpan before = zone.GetUtcOffset(low);
        while ((high - low).Ticks > 1)
        {
            DateTime middle = low.AddTicks((high - low).Ticks / 2);
            if (zone.GetUtcOffset(middle) == before)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}
