using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>What one account settled in the current period of every kind, limited or not: a quota added today finds its period already counted.</summary>
/// <remarks>Does calendar arithmetic only when a minute ends. Not thread-safe.</remarks>
internal sealed class PeriodWindows
{
    private static readonly QuotaPeriod[] Periods = Enum.GetValues<QuotaPeriod>();

    // By QuotaPeriod. The minute comes first: every longer period ends with one.
    private readonly PeriodWindow[] windows;
    private TimeZoneInfo zone;

    public PeriodWindows(TimeZoneInfo zone, long nowTicks)
    {
        this.zone = zone;
        windows = Array.ConvertAll(Periods, period => new PeriodWindow(period, zone, nowTicks));
    }

    public PeriodWindow this[QuotaPeriod period] => windows[(int)period];

    /// <summary>Moves on to the periods of <paramref name="ticks"/>.</summary>
    public void Reach(long ticks)
    {
        // Within the minute means within all: a window of clock or calendar never ends inside a minute.
        if (windows[0].Contains(ticks))
        {
            return;
        }

        foreach (PeriodWindow window in windows)
        {
            window.Reach(ticks);
        }
    }

    /// <summary>Counts what was settled at <paramref name="ticks"/> in every kind of period.</summary>
    public void Add(long ticks, in TallyEntry used)
    {
        foreach (PeriodWindow window in windows)
        {
            window.Add(ticks, used);
        }
    }

    /// <summary>Counts one stored window in the periods that are sums of its kind.</summary>
    public void Load(in WindowTotals stored, in TallyEntry used)
    {
        long ticks = stored.StartsAt.UtcTicks;
        switch (stored.Period)
        {
            case StoredPeriod.Minute:
                this[QuotaPeriod.Minute].Add(ticks, used);
                break;
            case StoredPeriod.Hour:
                this[QuotaPeriod.Hour].Add(ticks, used);
                break;
            case StoredPeriod.Day:
                this[QuotaPeriod.Day].Add(ticks, used);
                this[QuotaPeriod.Week].Add(ticks, used);
                break;
            default:
                this[QuotaPeriod.Month].Add(ticks, used);
                this[QuotaPeriod.Quarter].Add(ticks, used);
                this[QuotaPeriod.Year].Add(ticks, used);
                this[QuotaPeriod.Total].Add(ticks, used);
                break;
        }
    }

    public IReadOnlyList<PeriodLive> ViewAt(long ticks) => Array.ConvertAll(windows, window => window.ViewAt(ticks));

    public void Rezone(TimeZoneInfo newZone, long nowTicks)
    {
        if (newZone.Id == zone.Id)
        {
            return;
        }

        zone = newZone;
        foreach (PeriodWindow window in windows)
        {
            window.Rezone(newZone, nowTicks);
        }
    }
}
