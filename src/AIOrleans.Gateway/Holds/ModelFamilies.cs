using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Gateway.Holds;

/// <summary>Finds by which family the tokens of an alias are estimated before its call is routed.</summary>
internal static class ModelFamilies
{
    /// <summary>The family of the deployments that are tried first; where they differ, none, which is taken for the most that any needs.</summary>
    public static TokenFamily Of(ModelConfig model, DirectorySnapshot directory)
    {
        TokenFamily? found = null;
        int first = model.Routes.Count > 0 ? model.Routes.Min(route => route.Priority) : 0;
        foreach (RouteConfig route in model.Routes)
        {
            if (route.Priority > first)
            {
                continue;
            }

            TokenFamily family = TokenFamilies.Of(route.Model, directory.Providers.TryGetValue(route.Provider, out ProviderConfig? provider) ? provider.Kind : null);
            if (found is { } other && other != family)
            {
                return TokenFamily.Unknown;
            }

            found = family;
        }

        return found ?? TokenFamily.Unknown;
    }
}
