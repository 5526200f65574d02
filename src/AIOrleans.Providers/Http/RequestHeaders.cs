using AIOrleans.Core.Directory;
using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Http;

/// <summary>Which headers go upstream: those of the gateway, and those of the client that <see cref="ProviderWire.ForwardedHeaders"/> names.</summary>
internal static class RequestHeaders
{
    /// <summary>Characters of one forwarded value: a list of beta features is far shorter.</summary>
    private const int ValueLengthMax = 1024;

    /// <summary>Sets the headers of <paramref name="message"/>: what the gateway says for itself, and what it passes on.</summary>
    /// <param name="key">The credential to call with; null when the endpoint wants none.</param>
    public static void Write(HttpRequestMessage message, AttemptRequest request, ProviderWire wire, Secret? key)
    {
        message.Headers.TryAddWithoutValidation("accept", AcceptOf(request, wire));
        message.Headers.TryAddWithoutValidation("user-agent", "AIOrleans");
        if (key is not null)
        {
            wire.Authorize(message.Headers, key);
        }

        foreach ((string name, string value) in request.ClientHeaders)
        {
            if (wire.ForwardedHeaders.Contains(name) && value.Length is > 0 and <= ValueLengthMax)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (request.TraceParent is { } span)
        {
            message.Headers.TryAddWithoutValidation("traceparent", span);
            if (request.TraceState is { Length: > 0 } state)
            {
                message.Headers.TryAddWithoutValidation("tracestate", state);
            }
        }

        wire.Complete(message.Headers);
    }

    /// <summary>The body says what a sound or a transcript is to be, so that anything is taken there.</summary>
    private static string AcceptOf(AttemptRequest request, ProviderWire wire) =>
        request is { Streamed: true, CountsOnly: false } ? wire.StreamType
        : request.AnswersBytes || request.ContentType is not null ? "*/*"
        : "application/json";
}
