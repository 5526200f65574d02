using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads a tenant's time zone and says what is known when it is not.</summary>
internal static class TimeZoneJson
{
    public const string Default = "UTC";

    /// <summary>The property <c>timeZone</c>; UTC when absent or reported.</summary>
    public static string Read(ObjectReader reader)
    {
        if (reader.Text("timeZone") is not { } zone)
        {
            return Default;
        }

        if (TimeZones.TryFind(zone, out _))
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
}
