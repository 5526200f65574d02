using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>OpenAI and the servers that speak its protocol.</summary>
/// <remarks>
/// <c>openai-organization</c> and <c>openai-project</c> are not forwarded: they select what the gateway's own credentials are billed to.
/// <c>idempotency-key</c> neither, to nobody: two attempts of one request must not be taken for one.
/// </remarks>
internal class OpenAiWire : ProviderWire
{
    /// <summary>Limits and ids as OpenAI and Azure name them.</summary>
    protected static readonly IEnumerable<KeyValuePair<string, string>> Limits = Renamed(
        "x-request-id",
        "x-ratelimit-limit-requests",
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-requests",
        "x-ratelimit-reset-tokens");

    /// <summary>What clients read under its own name.</summary>
    protected static readonly IEnumerable<KeyValuePair<string, string>> AsTheyAre =
        [new("openai-processing-ms", "openai-processing-ms"), new("openai-version", "openai-version")];

    public override FrozenSet<string> ForwardedHeaders { get; } = Names("openai-beta");

    public override FrozenDictionary<string, string> ShownHeaders { get; } = Shown([.. AsTheyAre, .. Limits]);

    public override Uri AddressOf(AttemptRequest request) => Address.Join(Address.BaseOf(request.Provider), PathOf(request));

    public override Uri ObjectAddressOf(ProviderConfig provider, string path, string? query) => Address.Join(Address.BaseOf(provider), path, query);

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("authorization", "Bearer " + key.Reveal());

    /// <summary>The path behind the base URL.</summary>
    protected static string PathOf(AttemptRequest request) => request switch
    {
        { CountsOnly: true } => throw NotSpoken(request),
        { Format: WireFormat.OpenAiChat } => "/chat/completions",
        { Format: WireFormat.OpenAiResponses } => "/responses",
        { Format: WireFormat.OpenAiCompletions } => "/completions",
        { Format: WireFormat.OpenAiEmbeddings } => "/embeddings",
        { Format: WireFormat.OpenAiImages } => "/images/generations",
        { Format: WireFormat.OpenAiImageEdits } => "/images/edits",
        { Format: WireFormat.OpenAiImageVariations } => "/images/variations",
        { Format: WireFormat.OpenAiSpeech } => "/audio/speech",
        { Format: WireFormat.OpenAiTranscriptions } => "/audio/transcriptions",
        { Format: WireFormat.OpenAiTranslations } => "/audio/translations",
        { Format: WireFormat.OpenAiModerations } => "/moderations",
        { Format: WireFormat.Rerank } => "/rerank",
        _ => throw NotSpoken(request),
    };
}
