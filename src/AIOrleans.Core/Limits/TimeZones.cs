using System.Diagnostics.CodeAnalysis;

namespace AIOrleans.Core.Limits;

/// <summary>Finds time zones by IANA id, from the time zone database of the machine.</summary>
public static class TimeZones
{
    /// <summary>Longest id in characters; the longest known one has 32.</summary>
    public const int IdLengthMax = 64;

    /// <summary>Finds <paramref name="id"/>, e.g. <c>Europe/Berlin</c> or <c>UTC</c>; false when it is unknown: what a validator asks.</summary>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return id is not null && IsPlain(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }

    /// <summary>Finds a zone that was validated when it was written.</summary>
    /// <exception cref="TimeZoneNotFoundException">Unknown here. Never replaced by UTC: quotas would not begin and end with the ledger's windows.</exception>
    public static TimeZoneInfo Find(string id) => TryFind(id, out TimeZoneInfo? zone)
        ? zone
        : throw new TimeZoneNotFoundException($"'{id}' is not a time zone known on this machine: use an IANA id such as 'Europe/Berlin', or install tzdata.");

    // The runtime opens a file of this name below its zone directory: nothing may point out of it.
    private static bool IsPlain(string id)
    {
        foreach (char c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_' or '-' or '+'))
            {
                return false;
            }
        }

        return id.Length is > 0 and <= IdLengthMax && id[0] != '/';
    }
}
