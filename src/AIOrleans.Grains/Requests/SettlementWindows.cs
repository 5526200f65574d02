using System.Collections.Concurrent;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Requests;

/// <summary>Remembers the calendar windows of the newest minute in each time zone: computing them costs more than all else of a settlement.</summary>
/// <remarks>Thread-safe. One entry per zone that a tenant uses. Benchmark: HoldSettleThroughput.</remarks>
internal sealed class SettlementWindows
{
    private readonly ConcurrentDictionary<string, Minute> newest = new(StringComparer.Ordinal);

    /// <summary>The windows that contain <paramref name="instant"/>.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is unknown on this machine.</exception>
    public WindowStarts At(DateTimeOffset instant, string timeZone)
    {
        // No window of clock or calendar ends inside a minute, so that all four stay the same until it ends.
        if (newest.TryGetValue(timeZone, out Minute? minute) && instant >= minute.Starts.Minute && instant < minute.EndsAt)
        {
            return minute.Starts;
        }

        TimeZoneInfo zone = TimeZones.Find(timeZone);
        var found = new Minute(WindowStarts.At(instant, zone), CalendarPeriod.EndOf(QuotaPeriod.Minute, instant, zone));
        newest[timeZone] = found;
        return found.Starts;
    }

    private sealed record Minute(WindowStarts Starts, DateTimeOffset EndsAt);
}
