using System.Globalization;

namespace AIOrleans.Core.Configuration;

/// <summary>Instants as people write them.</summary>
public static class InstantText
{
    /// <summary>What <see cref="TryRead"/> takes, in words.</summary>
    public const string Expected = "a day such as 2027-01-31, or an instant with its offset such as 2027-01-31T00:00:00Z";

    /// <summary>An instant with its offset, or a day, which begins at midnight UTC.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant) => TryReadInstant(text, out instant) || TryReadDay(text, out instant);

    /// <summary>An instant with its offset: without one it would mean another moment on another machine.</summary>
    public static bool TryReadInstant(string text, out DateTimeOffset instant)
    {
        int time = text.IndexOf('T');
        bool hasOffset = time > 0 && text.AsSpan(time).IndexOfAny("Z+-") > 0;
        bool isInstant = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && hasOffset;
        instant = instant.ToUniversalTime();
        return isInstant;
    }

    private static bool TryReadDay(string text, out DateTimeOffset instant)
    {
        bool isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day);
        instant = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return isDay;
    }
}
