using System.Globalization;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Durations as Go prints them, which is how OpenAI writes reset times: <c>12ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>1h2m3s</c>.</summary>
internal static class GoDuration
{
    /// <summary>Formats <paramref name="wait"/>, rounded up to the millisecond so that nobody comes back too early; negative is zero.</summary>
    public static string Format(TimeSpan wait)
    {
        long millis = MillisOf(wait);
        if (millis < 1000)
        {
            return millis == 0 ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{millis}ms");
        }

        (long hours, long rest) = Math.DivRem(millis, 3_600_000);
        (long minutes, long secondMillis) = Math.DivRem(rest, 60_000);
        (long seconds, long fraction) = Math.DivRem(secondMillis, 1000);
        string point = fraction == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{fraction:000}").TrimEnd('0');
        string high = hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{high}{seconds}{point}s");
    }

    /// <summary>Whole milliseconds, rounded up; negative is zero.</summary>
    public static long MillisOf(TimeSpan wait) => wait <= TimeSpan.Zero ? 0 : ((wait.Ticks - 1) / TimeSpan.TicksPerMillisecond) + 1;
}
