using System.Globalization;

namespace AIOrleans.Core.Configuration;

/// <summary>Instants in JSON.</summary>
internal static class InstantJson
{
    /// <summary>An instant with its offset; null when absent or reported.</summary>
    public static DateTimeOffset? Read(ObjectReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (TryParse(text, out DateTimeOffset instant))
        {
            return instant;
        }

        reader.Report(name, "must be an instant with its offset, such as 2027-01-31T00:00:00Z.");
        return null;
    }

    /// <summary>Likewise, or a day, which begins at midnight UTC.</summary>
    public static DateTimeOffset? ReadDay(ObjectReader reader, string name)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        if (TryParse(text, out DateTimeOffset instant) || TryParseDay(text, out instant))
        {
            return instant;
        }

        reader.Report(name, "must be a day such as 2027-01-31, or an instant with its offset such as 2027-01-31T00:00:00Z.");
        return null;
    }

    // An instant without an offset would mean another moment on another machine.
    private static bool TryParse(string text, out DateTimeOffset instant)
    {
        int time = text.IndexOf('T');
        bool hasOffset = time > 0 && text.AsSpan(time).IndexOfAny("Z+-") > 0;
        bool isInstant = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && hasOffset;
        instant = instant.ToUniversalTime();
        return isInstant;
    }

    private static bool TryParseDay(string text, out DateTimeOffset instant)
    {
        bool isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day);
        instant = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return isDay;
    }
}
