using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Routing;
using AIOrleans.Gateway.Routing;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 6: ranks the deployments of the alias that can serve the call and are in a region of the caller's, from memory.</summary>
internal sealed class RouteStep(Breakers breakers)
{
    public Denial? Run(Exchange exchange)
    {
        var candidates = new List<RouteCandidate>(exchange.Model.Routes.Count);
        foreach (RouteConfig route in exchange.Model.Routes)
        {
            if (exchange.Directory.Providers.TryGetValue(route.Provider, out ProviderConfig? provider)
                && ProviderFormats.For(provider, exchange.Request.Format) is not null
                && exchange.Caller.MayUseRegion(provider.Region))
            {
                candidates.Add(new RouteCandidate(route, provider, breakers.IsResting(route)));
            }
        }

        if (candidates.Count == 0)
        {
            return new Denial.RegionNotAllowed(exchange.Model.Name);
        }

        exchange.Routes = RouteRanking.Rank(candidates, Random.Shared);
        return null;
    }
}
