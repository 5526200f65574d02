using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>Joins addresses.</summary>
internal static class Address
{
    /// <summary>The base URL of <paramref name="provider"/>, else the company's own.</summary>
    public static Uri BaseOf(ProviderConfig provider) =>
        provider.BaseUrl ?? ProviderKinds.HomeOf(provider.Kind) ?? throw new ArgumentException($"Provider '{provider.Name}' has no baseUrl.", nameof(provider));

    /// <summary><paramref name="path"/>, which begins with a slash, behind <paramref name="baseUrl"/>; a query of the base URL stays, before <paramref name="query"/>.</summary>
    public static Uri Join(Uri baseUrl, string path, string? query = null)
    {
        string joined = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + path + baseUrl.Query;
        return new Uri(query is null ? joined : joined + (baseUrl.Query.Length == 0 ? '?' : '&') + query);
    }

    /// <summary>A model's name as one segment of a path, whatever it is made of.</summary>
    /// <exception cref="ArgumentException">A dot or two, which escaping does not change and servers take for a place.</exception>
    public static string Segment(string model) => model is "." or ".." or ""
        ? throw new ArgumentException($"'{model}' cannot be put into an address.", nameof(model))
        : Uri.EscapeDataString(model);
}
