using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>The Gemini API. The key goes into a header, never into the address.</summary>
internal sealed class GeminiWire : ProviderWire
{
    public override FrozenSet<string> ForwardedHeaders { get; } = Names();

    public override FrozenDictionary<string, string> ShownHeaders { get; } = Shown(Renamed("x-request-id"));

    public override Uri AddressOf(AttemptRequest request)
    {
        // Without alt=sse a stream comes as one JSON array.
        (string method, string? query) = request.Format switch
        {
            WireFormat.Gemini when request.CountsOnly => (":countTokens", null),
            WireFormat.Gemini when request.Streamed => (":streamGenerateContent", "alt=sse"),
            WireFormat.Gemini => (":generateContent", null),
            WireFormat.GeminiEmbeddings => (":batchEmbedContents", null),
            WireFormat.GeminiEmbedContent => (":embedContent", (string?)null),
            _ => throw NotSpoken(request),
        };
        return Address.Join(Address.BaseOf(request.Provider), ResourceOf(request.Model) + method, query);
    }

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("x-goog-api-key", key.Reveal());

    public override int MeaningOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body) => status == 400 && GeminiErrorDetails.Read(body).RefusesKey ? 401 : status;

    public override TimeSpan? RetryAfterOf(ReadOnlyMemory<byte> body) => GeminiErrorDetails.Read(body).RetryAfter;

    /// <summary>A plain name is one of <c>models</c>; a resource name says its collection itself.</summary>
    private static string ResourceOf(string model) => model.Split('/') is [("models" or "tunedModels") and var collection, { Length: > 0 } id]
        ? $"/{collection}/{Address.Segment(id)}"
        : $"/models/{Address.Segment(model)}";
}
