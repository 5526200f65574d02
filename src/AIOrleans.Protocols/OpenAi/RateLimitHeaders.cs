using System.Globalization;
using AIOrleans.Core.Limits;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>The headers that tell OpenAI's clients how much is left and when to come back.</summary>
public static class RateLimitHeaders
{
    /// <summary>Python clients give up above 120 s and ignore waits above 60 s: beyond this, retrying is said to be useless.</summary>
    public static readonly TimeSpan RetryableWaitMax = TimeSpan.FromSeconds(60);

    /// <summary>Six headers; three for each line that is limited, none for an unlimited one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Headroom headroom)
    {
        if (headroom.Requests is null && headroom.Tokens is null)
        {
            return [];
        }

        List<KeyValuePair<string, string>> headers = new(6);
        if (headroom.Requests is { } requests)
        {
            headers.Add(new("x-ratelimit-limit-requests", Text(requests.Limit)));
            headers.Add(new("x-ratelimit-remaining-requests", Text(Math.Max(0, requests.Remaining))));
            headers.Add(new("x-ratelimit-reset-requests", GoDuration.Format(requests.ResetAfter)));
        }

        if (headroom.Tokens is { } tokens)
        {
            headers.Add(new("x-ratelimit-limit-tokens", Text(tokens.Limit)));
            headers.Add(new("x-ratelimit-remaining-tokens", Text(Math.Max(0, tokens.Remaining))));
            headers.Add(new("x-ratelimit-reset-tokens", GoDuration.Format(tokens.ResetAfter)));
        }

        return headers;
    }

    /// <summary>When to come back, rounded up; and <c>x-should-retry: false</c> where a client's own retries cannot help.</summary>
    /// <param name="retryAfter">Null when waiting cannot help.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> OfWait(TimeSpan? retryAfter)
    {
        if (retryAfter is not { } wait)
        {
            return [new("x-should-retry", "false")];
        }

        // Clients take zero for "no header".
        long millis = Math.Max(1, GoDuration.MillisOf(wait));
        List<KeyValuePair<string, string>> headers = new(3)
        {
            new("retry-after", Text((millis + 999) / 1000)),
            new("retry-after-ms", Text(millis)),
        };
        if (wait > RetryableWaitMax)
        {
            headers.Add(new("x-should-retry", "false"));
        }

        return headers;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
