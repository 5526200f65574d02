using System.Globalization;
using AIOrleans.Core.Limits;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>The headers that tell Anthropic's clients how much is left and when to come back. Resets are instants, where OpenAI's are durations.</summary>
public static class AnthropicRateLimitHeaders
{
    /// <summary>Three headers for each line that is limited, none for an unlimited one.</summary>
    /// <param name="now">Resets are rounded up to the second from here.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Headroom headroom, DateTimeOffset now)
    {
        List<KeyValuePair<string, string>> headers = new(6);
        Add(headers, "requests", headroom.Requests, now);
        Add(headers, "tokens", headroom.Tokens, now);
        return headers;
    }

    /// <summary>When to come back. Coding clients also read the unified pair, and retry for ever without it.</summary>
    /// <param name="retryAfter">Null when waiting cannot help.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> OfWait(TimeSpan? retryAfter, DateTimeOffset now)
    {
        List<KeyValuePair<string, string>> headers = [.. RateLimitHeaders.OfWait(retryAfter), new("anthropic-ratelimit-unified-status", "rejected")];
        if (retryAfter is { } wait)
        {
            headers.Add(new("anthropic-ratelimit-unified-reset", SecondOf(wait, now).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        return headers;
    }

    private static void Add(List<KeyValuePair<string, string>> headers, string kind, HeadroomLine? line, DateTimeOffset now)
    {
        if (line is not { } limited)
        {
            return;
        }

        headers.Add(new($"anthropic-ratelimit-{kind}-limit", limited.Limit.ToString(CultureInfo.InvariantCulture)));
        headers.Add(new($"anthropic-ratelimit-{kind}-remaining", Math.Max(0, limited.Remaining).ToString(CultureInfo.InvariantCulture)));
        headers.Add(new($"anthropic-ratelimit-{kind}-reset", SecondOf(limited.ResetAfter, now).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
    }

    /// <summary>The instant in UTC, rounded up to the second so that nobody comes back too early.</summary>
    private static DateTimeOffset SecondOf(TimeSpan wait, DateTimeOffset now)
    {
        DateTimeOffset at = now.ToUniversalTime() + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
        long over = at.Ticks % TimeSpan.TicksPerSecond;
        return over == 0 ? at : at.AddTicks(TimeSpan.TicksPerSecond - over);
    }
}
