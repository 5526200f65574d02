using System.Globalization;
using AIOrleans.Core.Denials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Gateway.Flow;

/// <summary>Reads the header by which a client says how long it would wait in line rather than be refused.</summary>
internal static class QueueWish
{
    public const string Header = "x-aiorleans-queue-ms";

    /// <summary>Reads it into <paramref name="wait"/>, at most <paramref name="waitMax"/>; null when the client does not want to wait, or nobody may.</summary>
    public static Denial? Read(HttpRequest request, TimeSpan waitMax, out TimeSpan? wait)
    {
        wait = null;
        if (!request.Headers.TryGetValue(Header, out StringValues written))
        {
            return null;
        }

        // More digits than a long has are still a whole number of milliseconds, and more than anyone gets.
        string text = written.ToString();
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
        {
            return new Denial.Malformed($"The header {Header} must be a whole number of milliseconds, 0 or more, not '{Shown(text)}'.", Header, "invalid_header");
        }

        TimeSpan asked = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) && ms < waitMax.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(ms)
            : waitMax;
        wait = asked > TimeSpan.Zero ? asked : null;
        return null;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
