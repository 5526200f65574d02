using System.Collections.Frozen;

namespace AIOrleans.Providers.Http;

/// <summary>Which headers go upstream. An allow-list: what is not named stays here, credentials and cookies of the client above all.</summary>
/// <remarks>
/// <c>openai-organization</c> and <c>openai-project</c> are not on it: they select what the gateway's own credentials are billed to.
/// <c>idempotency-key</c> neither: two attempts of one request must not be taken for one.
/// </remarks>
internal static class RequestHeaders
{
    /// <summary>Characters of one forwarded value: a list of beta features is far shorter.</summary>
    private const int ValueLengthMax = 1024;

    private static readonly FrozenSet<string> Allowed = FrozenSet.ToFrozenSet(["openai-beta"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets the headers of <paramref name="message"/>: what the gateway says for itself, and what it passes on.</summary>
    public static void Write(HttpRequestMessage message, AttemptRequest request)
    {
        message.Headers.TryAddWithoutValidation("accept", request.Streamed ? "text/event-stream" : "application/json");
        message.Headers.TryAddWithoutValidation("user-agent", "AIOrleans");
        if (request.Provider.ApiKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("authorization", "Bearer " + key.Reveal());
        }

        foreach ((string name, string value) in request.ClientHeaders)
        {
            if (Allowed.Contains(name) && value.Length <= ValueLengthMax)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
