using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Directory;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace AIOrleans.Management.Apis;

/// <summary>What load makes of the rates of adaptive limits, on every silo.</summary>
internal static class AdaptiveApi
{
    public static void MapAdaptive(this IEndpointRouteBuilder api) =>
        api.MapGet("/adaptive", ViewAsync).WithSummary("Load of the silos, and what it makes of adaptive rates").Produces<AdaptiveJson>();

    private static async Task<IResult> ViewAsync(IDirectory directory, IGrainFactory grains)
    {
        AdaptiveView view = await grains.GetGrain<IAdaptiveGrain>(0).ViewAsync();
        return Results.Json(AdaptiveJson.Of(view, directory.Current.HasAdaptiveLimits()), ApiJson.Options);
    }
}
