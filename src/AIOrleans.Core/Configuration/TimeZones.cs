namespace AIOrleans.Core.Configuration;

/// <summary>IANA time zones, as this machine knows them.</summary>
internal static class TimeZones
{
    public const string Default = "UTC";

    private const int CharsMax = 64;

    /// <summary>The property <c>timeZone</c>; UTC when absent or reported.</summary>
    public static string Read(ObjectReader reader)
    {
        if (reader.Text("timeZone") is not { } zone)
        {
            return Default;
        }

        if (IsShaped(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            return zone;
        }

        IEnumerable<string> known = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id);
        string cure = known.Skip(1).Any()
            ? $"Use an IANA name such as Europe/Berlin.{NameSuggestion.For(zone, known)}"
            : "This machine has no time zone data: install tzdata.";
        reader.Report("timeZone", $"{Names.Quoted(zone)} is not a known time zone. {cure}");
        return Default;
    }

    // Ids are file names to the system: nothing that climbs out of its directory is looked up.
    private static bool IsShaped(string zone) =>
        zone.Length is > 0 and <= CharsMax && char.IsAsciiLetter(zone[0]) && zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
}
