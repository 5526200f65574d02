using System.Runtime.CompilerServices;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http;

/// <summary>The address that chat requests of a provider go to, worked out once per configuration.</summary>
internal sealed class Endpoints
{
    private static readonly Uri Simulated = new("http://simulated.invalid/v1/chat/completions");

    /// <summary>Entries die with the configuration that they belong to.</summary>
    private readonly ConditionalWeakTable<ProviderConfig, Uri> chat = [];

    /// <summary><c>{baseUrl}/chat/completions</c>; a query of the base URL (Azure's <c>api-version</c>) stays at the end.</summary>
    public Uri ChatOf(ProviderConfig provider) => chat.GetValue(provider, Build);

    private static Uri Build(ProviderConfig provider)
    {
        if (provider.BaseUrl is not { } baseUrl)
        {
            return provider.Kind == "simulated"
                ? Simulated
                : throw new ArgumentException($"Provider '{provider.Name}' has no baseUrl.", nameof(provider));
        }

        UriBuilder builder = new(baseUrl);
        builder.Path = builder.Path.TrimEnd('/') + "/chat/completions";
        return builder.Uri;
    }
}
