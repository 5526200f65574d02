namespace AIOrleans.Core.Limits;

/// <summary>The periods that the ledger stores; every <see cref="QuotaPeriod"/> is a sum of them (a week of days, a quarter, year or total of months).</summary>
public enum StoredPeriod
{
    Minute = 1,
    Hour = 2,
    Day = 3,
    Month = 4,
}

/// <summary>The starts of the stored periods that contain one instant, in one time zone; what one settlement is counted into.</summary>
public readonly record struct WindowStarts(DateTimeOffset Minute, DateTimeOffset Hour, DateTimeOffset Day, DateTimeOffset Month)
{
    public DateTimeOffset this[StoredPeriod period] => period switch
    {
        StoredPeriod.Minute => Minute,
        StoredPeriod.Hour => Hour,
        StoredPeriod.Day => Day,
        _ => Month,
    };

    /// <summary>The windows that contain <paramref name="instant"/> in <paramref name="zone"/>.</summary>
    public static WindowStarts At(DateTimeOffset instant, TimeZoneInfo zone) => new(
        CalendarPeriod.StartOf(QuotaPeriod.Minute, instant, zone),
        CalendarPeriod.StartOf(QuotaPeriod.Hour, instant, zone),
        CalendarPeriod.StartOf(QuotaPeriod.Day, instant, zone),
        CalendarPeriod.StartOf(QuotaPeriod.Month, instant, zone));
}
