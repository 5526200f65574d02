using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>OpenAI's protocol at Azure: the v1 API with OpenAI's own paths, or the older one, whose paths name the deployment.</summary>
/// <remarks>Source: learn.microsoft.com/azure/ai-foundry/openai/reference and /api-version-lifecycle.</remarks>
internal sealed class AzureOpenAiWire : OpenAiWire
{
    private const string Root = "/openai";

    public override FrozenDictionary<string, string> ShownHeaders { get; } =
        Shown([.. AsTheyAre, .. Limits, .. Renamed("apim-request-id", "x-ms-region")]);

    public override Uri AddressOf(AttemptRequest request)
    {
        Uri baseUrl = Address.BaseOf(request.Provider);
        string? version = request.Provider.ApiVersion is { } told ? "api-version=" + Uri.EscapeDataString(told) : null;
        if (ProviderKinds.IsAzureV1(baseUrl))
        {
            return Address.Join(baseUrl, PathOf(request), version);
        }

        // Responses have no deployment in their path: the body names it.
        string path = request.Format == WireFormat.OpenAiResponses ? PathOf(request) : $"/deployments/{Address.Segment(request.Model)}{PathOf(request)}";
        bool hasRoot = baseUrl.AbsolutePath.TrimEnd('/').EndsWith(Root, StringComparison.OrdinalIgnoreCase);
        return Address.Join(baseUrl, hasRoot ? path : Root + path, version);
    }

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("api-key", key.Reveal());
}
