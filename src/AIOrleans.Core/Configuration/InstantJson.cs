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

        if (InstantText.TryReadInstant(text, out DateTimeOffset instant))
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

        if (InstantText.TryRead(text, out DateTimeOffset instant))
        {
            return instant;
        }

        reader.Report(name, $"must be {InstantText.Expected}.");
        return null;
    }
}
