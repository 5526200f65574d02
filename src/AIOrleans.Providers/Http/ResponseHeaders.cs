using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;

namespace AIOrleans.Providers.Http;

/// <summary>Which headers of the provider the client may see, and under which names: its limits must not be taken for the gateway's own.</summary>
internal static class ResponseHeaders
{
    /// <summary>Longer waits are no promise that anyone keeps, and would rest a deployment for good.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    private static readonly FrozenDictionary<string, string> Shown = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["openai-processing-ms"] = "openai-processing-ms",
        ["openai-version"] = "openai-version",
        ["x-request-id"] = "x-upstream-request-id",
        ["x-ratelimit-limit-requests"] = "x-upstream-ratelimit-limit-requests",
        ["x-ratelimit-limit-tokens"] = "x-upstream-ratelimit-limit-tokens",
        ["x-ratelimit-remaining-requests"] = "x-upstream-ratelimit-remaining-requests",
        ["x-ratelimit-remaining-tokens"] = "x-upstream-ratelimit-remaining-tokens",
        ["x-ratelimit-reset-requests"] = "x-upstream-ratelimit-reset-requests",
        ["x-ratelimit-reset-tokens"] = "x-upstream-ratelimit-reset-tokens",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The headers to show.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(HttpResponseMessage response)
    {
        List<KeyValuePair<string, string>>? headers = null;
        foreach ((string name, HeaderStringValues values) in response.Headers.NonValidated)
        {
            if (Shown.TryGetValue(name, out string? shown))
            {
                headers ??= new List<KeyValuePair<string, string>>(Shown.Count);
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
