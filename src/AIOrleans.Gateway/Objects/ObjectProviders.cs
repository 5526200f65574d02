using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Gateway.Flow;
using AIOrleans.Providers;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Gateway.Objects;

/// <summary>Finds who keeps a new object: the provider that the client names, else the first that some model of the caller's is routed to.</summary>
internal static class ObjectProviders
{
    public const string Header = "x-aiorleans-provider";

    /// <summary>The provider, or why there is none: exactly one of both is null.</summary>
    public static (ProviderConfig? Provider, Denial? Denied) Choose(Exchange exchange)
    {
        Caller caller = exchange.Caller;
        ProviderConfig[] able =
        [
            .. exchange.Directory.Models.Values
                .Where(model => caller.MayUseModel(model.Name))
                .SelectMany(model => model.Routes)
                .Select(route => exchange.Directory.Providers.GetValueOrDefault(route.Provider))
                .OfType<ProviderConfig>()
                .Where(provider => MayKeep(caller, provider))
                .DistinctBy(provider => provider.Name)
                .OrderBy(provider => provider.Name, StringComparer.Ordinal),
        ];
        string? named = Named(exchange);
        ProviderConfig? chosen = named is null ? able.FirstOrDefault() : Array.Find(able, provider => provider.Name == named);
        return chosen is not null ? (chosen, null) : (null, Unserved(named));
    }

    /// <summary>The route of a model by which its batches go, or why there is none: exactly one of both is null.</summary>
    public static (RouteConfig? Route, Denial? Denied) ChooseRoute(Exchange exchange, ModelConfig model)
    {
        string? named = Named(exchange);
        RouteConfig? chosen = model.Routes
            .Where(route => named is null || route.Provider == named)
            .Where(route => exchange.Directory.Providers.TryGetValue(route.Provider, out ProviderConfig? provider) && MayKeep(exchange.Caller, provider))
            .OrderBy(route => route.Priority)
            .ThenByDescending(route => route.Weight)
            .FirstOrDefault();
        return chosen is not null ? (chosen, null) : (null, Unserved(named, model.Name));
    }

    private static bool MayKeep(Caller caller, ProviderConfig provider) => ProviderFormats.KeepsObjects(provider) && caller.MayUseRegion(provider.Region);

    private static string? Named(Exchange exchange) =>
        exchange.Http.Request.Headers.TryGetValue(Header, out StringValues values) && values.ToString() is { Length: > 0 } name ? name : null;

    private static Denial.Malformed Unserved(string? named, string? model = null)
    {
        string whose = model is null ? "a model that this key may use" : $"the model '{model}'";
        return named is null
            ? new Denial.Malformed($"No provider that keeps files serves {whose}: it has to be of kind openai or azure-openai, in a region of this key.", null, "unsupported_operation")
            : new Denial.Malformed($"No provider of this name that keeps files serves {whose}.", Header, "invalid_header");
    }
}
