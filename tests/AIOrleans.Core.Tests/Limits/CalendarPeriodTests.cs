using System.Globalization;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits;

public sealed class CalendarPeriodTests
{
    /// <summary>Zone, period, an instant in it, its start and its end; all instants UTC.</summary>
    public static TheoryData<string, QuotaPeriod, string, string, string> Periods() => new()
    {
        // Plain calendars.
        { "UTC", QuotaPeriod.Minute, "2026-03-11T12:34:56.7Z", "2026-03-11T12:34:00Z", "2026-03-11T12:35:00Z" },
        { "UTC", QuotaPeriod.Hour, "2026-03-11T12:34:56Z", "2026-03-11T12:00:00Z", "2026-03-11T13:00:00Z" },
        { "UTC", QuotaPeriod.Day, "2026-03-11T00:00:00Z", "2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z" },
        { "UTC", QuotaPeriod.Week, "2026-03-11T12:00:00Z", "2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z" },
        { "UTC", QuotaPeriod.Week, "2026-03-15T23:59:59Z", "2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z" },
        { "UTC", QuotaPeriod.Week, "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z" },
        { "UTC", QuotaPeriod.Month, "2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z" },
        { "UTC", QuotaPeriod.Month, "2100-02-28T12:00:00Z", "2100-02-01T00:00:00Z", "2100-03-01T00:00:00Z" },
        { "UTC", QuotaPeriod.Day, "2024-02-29T05:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z" },
        { "UTC", QuotaPeriod.Quarter, "2026-06-30T23:59:59Z", "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z" },
        { "UTC", QuotaPeriod.Year, "2026-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z" },

        // Offsets that are no whole hours.
        { "Asia/Kolkata", QuotaPeriod.Hour, "2026-03-11T12:34:56Z", "2026-03-11T12:30:00Z", "2026-03-11T13:30:00Z" },
        { "Asia/Kolkata", QuotaPeriod.Day, "2026-03-11T18:30:00Z", "2026-03-11T18:30:00Z", "2026-03-12T18:30:00Z" },
        { "Asia/Kathmandu", QuotaPeriod.Hour, "2026-03-11T12:34:56Z", "2026-03-11T12:15:00Z", "2026-03-11T13:15:00Z" },
        { "Asia/Kathmandu", QuotaPeriod.Month, "2026-02-28T18:14:59Z", "2026-01-31T18:15:00Z", "2026-02-28T18:15:00Z" },
        { "Pacific/Chatham", QuotaPeriod.Hour, "2026-07-01T12:00:00Z", "2026-07-01T11:15:00Z", "2026-07-01T12:15:00Z" },
        { "Pacific/Kiritimati", QuotaPeriod.Year, "2026-12-31T10:00:00Z", "2026-12-31T10:00:00Z", "2027-12-31T10:00:00Z" },

        // A day of 23 hours, a day of 25, and the periods around them.
        { "Europe/Berlin", QuotaPeriod.Day, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z" },
        { "Europe/Berlin", QuotaPeriod.Day, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z" },
        { "Europe/Berlin", QuotaPeriod.Week, "2026-03-29T12:00:00Z", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z" },
        { "Europe/Berlin", QuotaPeriod.Month, "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z" },
        { "Europe/Berlin", QuotaPeriod.Quarter, "2026-03-29T12:00:00Z", "2025-12-31T23:00:00Z", "2026-03-31T22:00:00Z" },
        { "America/New_York", QuotaPeriod.Day, "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z" },
        { "America/New_York", QuotaPeriod.Day, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z" },

        // The local hour 01:00 to 02:00 happens twice: two hours, and two minutes 01:30.
        { "America/New_York", QuotaPeriod.Hour, "2026-11-01T05:30:00Z", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z" },
        { "America/New_York", QuotaPeriod.Hour, "2026-11-01T06:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z" },
        { "America/New_York", QuotaPeriod.Minute, "2026-11-01T06:30:59Z", "2026-11-01T06:30:00Z", "2026-11-01T06:31:00Z" },

        // Clocks of Lord Howe move by half an hour: the hours around it are cut there.
        { "Australia/Lord_Howe", QuotaPeriod.Hour, "2026-04-04T14:45:00Z", "2026-04-04T14:00:00Z", "2026-04-04T15:00:00Z" },
        { "Australia/Lord_Howe", QuotaPeriod.Hour, "2026-04-04T15:15:00Z", "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z" },
        { "Australia/Lord_Howe", QuotaPeriod.Hour, "2026-10-03T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z" },

        // A local midnight that does not exist: the day begins when clocks jump over it.
        { "America/Sao_Paulo", QuotaPeriod.Day, "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z" },
        { "America/Santiago", QuotaPeriod.Day, "2022-09-11T12:00:00Z", "2022-09-11T04:00:00Z", "2022-09-12T03:00:00Z" },
        { "Africa/Cairo", QuotaPeriod.Day, "2024-04-26T12:00:00Z", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z" },

        // A local midnight that would come twice: the hour before it is repeated, or the hour after it.
        { "America/Sao_Paulo", QuotaPeriod.Day, "2019-02-17T02:30:00Z", "2019-02-16T02:00:00Z", "2019-02-17T03:00:00Z" },
        { "America/Havana", QuotaPeriod.Day, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z" },

        // Set back from 00:01 to 23:01: the new day has begun and goes on.
        { "America/St_Johns", QuotaPeriod.Day, "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z" },

        // Samoa skipped 30 December 2011.
        { "Pacific/Apia", QuotaPeriod.Day, "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z" },
        { "Pacific/Apia", QuotaPeriod.Day, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z" },
    };

    [Theory]
    [MemberData(nameof(Periods))]
    public void A_period_starts_and_ends_by_the_calendar_of_the_zone(string zoneId, QuotaPeriod period, string instant, string startsAt, string endsAt)
    {
        TimeZoneInfo zone = TimeZones.Find(zoneId);
        PeriodBounds bounds = CalendarPeriod.Of(period, At(instant), zone);
        Assert.Equal(At(startsAt), bounds.StartsAt);
        Assert.Equal(At(endsAt), bounds.EndsAt);
        Assert.Equal(bounds.StartsAt, CalendarPeriod.StartOf(period, At(instant), zone));
        Assert.Equal(bounds.EndsAt, CalendarPeriod.EndOf(period, At(instant), zone));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/St_Johns")]
    [InlineData("America/Havana")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Africa/Cairo")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Asia/Tehran")]
    [InlineData("Asia/Gaza")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    [InlineData("Pacific/Chatham")]
    public void Periods_follow_each_other_without_gap_or_overlap_and_begin_with_a_minute(string zoneId)
    {
        TimeZoneInfo zone = TimeZones.Find(zoneId);
        var random = new Random(zoneId.Length);
        DateTimeOffset from = At("1990-01-01T00:00:00Z");
        for (int i = 0; i < 500; i++)
        {
            DateTimeOffset instant = from.AddSeconds(random.NextInt64(60L * 365 * 86_400));
            foreach (QuotaPeriod period in Enum.GetValues<QuotaPeriod>().Where(period => period != QuotaPeriod.Total))
            {
                PeriodBounds bounds = CalendarPeriod.Of(period, instant, zone);
                Assert.InRange(instant, bounds.StartsAt, bounds.EndsAt.AddTicks(-1));
                Assert.Equal(bounds, CalendarPeriod.Of(period, bounds.StartsAt, zone));
                Assert.Equal(bounds, CalendarPeriod.Of(period, bounds.EndsAt.AddTicks(-1), zone));
                Assert.Equal(bounds.EndsAt, CalendarPeriod.StartOf(period, bounds.EndsAt, zone));
                Assert.Equal(bounds.StartsAt, CalendarPeriod.StartOf(QuotaPeriod.Minute, bounds.StartsAt, zone));
                Assert.Equal(TimeSpan.Zero, bounds.StartsAt.Offset);
            }
        }
    }

    [Fact]
    public void Total_has_neither_start_nor_end() => Assert.Equal(
        new PeriodBounds(DateTimeOffset.MinValue, DateTimeOffset.MaxValue), CalendarPeriod.Of(QuotaPeriod.Total, At("2026-03-11T12:00:00Z"), TimeZoneInfo.Utc));

    [Fact]
    public void The_stored_windows_of_an_instant_are_the_starts_of_its_periods()
    {
        WindowStarts windows = WindowStarts.At(At("2026-10-25T01:30:30Z"), TimeZones.Find("Europe/Berlin"));
        Assert.Equal(At("2026-10-25T01:30:00Z"), windows[StoredPeriod.Minute]);
        Assert.Equal(At("2026-10-25T01:00:00Z"), windows[StoredPeriod.Hour]);
        Assert.Equal(At("2026-10-24T22:00:00Z"), windows[StoredPeriod.Day]);
        Assert.Equal(At("2026-09-30T22:00:00Z"), windows[StoredPeriod.Month]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Mars/Olympus")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("/etc/localtime")]
    public void An_unknown_zone_is_not_found(string? id) => Assert.False(TimeZones.TryFind(id, out _));

    [Fact]
    public void A_missing_zone_is_an_error_that_says_what_to_do()
    {
        TimeZoneNotFoundException error = Assert.Throws<TimeZoneNotFoundException>(() => TimeZones.Find("Mars/Olympus"));
        Assert.Equal(
            "'Mars/Olympus' is not a time zone known on this machine: use an IANA id such as 'Europe/Berlin', or install tzdata.", error.Message);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
