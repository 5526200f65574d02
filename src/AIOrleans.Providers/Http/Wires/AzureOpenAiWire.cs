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
        return Address.Join(baseUrl, HasRoot(baseUrl) ? path : Root + path, version);
    }

    /// <summary>Objects belong to the resource, not to a deployment of it.</summary>
    public override Uri ObjectAddressOf(ProviderConfig provider, string path, string? query)
    {
        Uri baseUrl = Address.BaseOf(provider);
        string? version = provider.ApiVersion is { } told ? "api-version=" + Uri.EscapeDataString(told) : null;
        string joined = ProviderKinds.IsAzureV1(baseUrl) || HasRoot(baseUrl) ? path : Root + path;
        return Address.Join(baseUrl, joined, query is null ? version : version is null ? query : $"{version}&{query}");
    }

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("api-key", key.Reveal());

    private static bool HasRoot(Uri baseUrl) => baseUrl.AbsolutePath.TrimEnd('/').EndsWith(Root, StringComparison.OrdinalIgnoreCase);
}
