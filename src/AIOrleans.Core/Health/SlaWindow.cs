namespace AIOrleans.Core.Health;

/// <summary>The service level that one account has seen lately: sliding windows of five minutes, one hour and one day.</summary>
/// <remarks>
/// Windows move in steps of one minute, five minutes and two hours, so they cover between one step less and the whole of their length;
/// <see cref="SlaSpan.From"/> says how much. About 12 kB for an account that is called every few minutes, 40 kB for a busy one,
/// nothing before the first request. Not thread-safe.
/// </remarks>
public sealed class SlaWindow
{
    private readonly long sinceTicks;
    private SlaRing[] rings = [];

    /// <param name="since">When the account woke up: it knows of nothing earlier.</param>
    public SlaWindow(DateTimeOffset since) => sinceTicks = since.UtcTicks;

    /// <summary>Counts one request that was settled at <paramref name="at"/>. Order does not matter; what is older than a window is left out of it.</summary>
    public void Observe(in SlaObservation seen, DateTimeOffset at)
    {
        if (rings.Length == 0)
        {
            rings = NewRings();
        }

        foreach (SlaRing ring in rings)
        {
            ring.Observe(seen, at.UtcTicks);
        }
    }

    /// <summary>The windows that end at <paramref name="now"/>.</summary>
    public SlaReport ViewAt(DateTimeOffset now)
    {
        SlaRing[] shown = rings.Length == 0 ? NewRings() : rings;
        return new SlaReport(
            shown[0].ViewAt(now.UtcTicks, sinceTicks), shown[1].ViewAt(now.UtcTicks, sinceTicks), shown[2].ViewAt(now.UtcTicks, sinceTicks));
    }

    private static SlaRing[] NewRings() =>
        [new SlaRing(5, TimeSpan.FromMinutes(1)), new SlaRing(12, TimeSpan.FromMinutes(5)), new SlaRing(12, TimeSpan.FromHours(2))];
}
