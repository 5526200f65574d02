using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>Everything before the body of an answer, as it is given again.</summary>
/// <param name="IsStream">True: a stream of events, to be passed on as they come.</param>
internal sealed record RecordedHead(int Status, string ContentType, bool IsStream, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Of one connection, or set by the server.</summary>
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Server", "Transfer-Encoding", "Alt-Svc",
    };

    /// <summary>What has been set on <paramref name="response"/>, without what is true of this moment only: how much is left of a limit.</summary>
    public static RecordedHead Of(HttpResponse response, bool isStream) => new(
        response.StatusCode,
        response.ContentType ?? "",
        isStream,
        [.. response.Headers.Where(header => IsOfTheAnswer(header.Key)).Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))]);

    /// <summary>Sets it on another response, marked as a replay.</summary>
    public void Apply(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach ((string name, string value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers[KeyHeader.Replayed] = "true";
    }

    private static bool IsOfTheAnswer(string name) => !Own.Contains(name) && !name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("anthropic-ratelimit-", StringComparison.OrdinalIgnoreCase);
}
