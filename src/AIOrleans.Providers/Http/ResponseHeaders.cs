using System.Globalization;
using System.Net.Http.Headers;
using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Http;

/// <summary>Reads the headers of an answer.</summary>
internal static class ResponseHeaders
{
    /// <summary>Longer waits are no promise that anyone keeps, and would rest a deployment for good.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    /// <summary>The headers to show.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(HttpResponseMessage response, ProviderWire wire)
    {
        List<KeyValuePair<string, string>>? headers = null;
        foreach ((string name, HeaderStringValues values) in response.Headers.NonValidated)
        {
            if (wire.ShownHeaders.TryGetValue(name, out string? shown))
            {
                headers ??= new List<KeyValuePair<string, string>>(wire.ShownHeaders.Count);
                headers.Add(new(shown, values.ToString()));
            }
        }

        return headers is null ? [] : headers;
    }

    /// <summary>The content type as it was sent; empty when it was not.</summary>
    public static string ContentTypeOf(HttpResponseMessage response) => FindContent(response, "Content-Type") ?? "";

    /// <summary>True when the body is compressed, although nobody asked for it.</summary>
    public static bool IsEncoded(HttpResponseMessage response) =>
        FindContent(response, "Content-Encoding") is { } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>retry-after-ms</c>, else <c>retry-after</c> in seconds or as a date; null when absent, absurd or past.</summary>
    public static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? wait = null;
        if (decimal.TryParse(Find(response, "retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal millis))
        {
            wait = Ticks(millis * TimeSpan.TicksPerMillisecond);
        }
        else if (Find(response, "retry-after") is { } text)
        {
            wait = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds) ? Ticks(seconds * TimeSpan.TicksPerSecond)
                : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at - now
                : null;
        }

        return wait is not { } asked || asked <= TimeSpan.Zero ? null
            : asked > RetryAfterMax ? RetryAfterMax
            : asked;
    }

    private static TimeSpan Ticks(decimal ticks) =>
        TimeSpan.FromTicks((long)Math.Clamp(ticks, -1, RetryAfterMax.Ticks));

    private static string? Find(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    private static string? FindContent(HttpResponseMessage response, string name) =>
        response.Content.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
