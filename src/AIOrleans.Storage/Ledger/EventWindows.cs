using AIOrleans.Core.Limits;

namespace AIOrleans.Storage.Ledger;

/// <summary>In which calendar windows an event is, by when it was settled and its tenant's time zone: the same that its settlement named.</summary>
/// <remarks>Remembers the newest minute of each zone, because the calendar costs more than the rest. Not thread-safe.</remarks>
internal sealed class EventWindows
{
    private const long MinuteMicros = 60_000_000;

    private readonly Dictionary<string, WindowMicros> newest = new(StringComparer.Ordinal);

    public WindowMicros At(long settledAtMicros, string timeZone)
    {
        // All zones of today are whole minutes away from UTC, and none changes within a minute: the same four windows until it ends.
        if (newest.TryGetValue(timeZone, out WindowMicros known) && settledAtMicros >= known.Minute && settledAtMicros < known.Minute + MinuteMicros)
        {
            return known;
        }

        // A zone that this machine no longer knows must not stop the ledger; the check of the bill tells of it.
        TimeZoneInfo zone = TimeZones.TryFind(timeZone, out TimeZoneInfo? found) ? found : TimeZoneInfo.Utc;
        WindowMicros windows = WindowMicros.Of(WindowStarts.At(Instants.FromMicros(settledAtMicros), zone));
        newest[timeZone] = windows;
        return windows;
    }
}
