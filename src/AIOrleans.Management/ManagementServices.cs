using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using AIOrleans.Management.Apis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace AIOrleans.Management;

/// <summary>Registers and maps the control plane.</summary>
public static class ManagementServices
{
    public static IServiceCollection AddAIOrleansManagement(this IServiceCollection services) => services;

    /// <summary>Maps <c>/api/v1</c>, all of it for admins only.</summary>
    public static void MapAIOrleansManagement(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1").AddEndpointFilter(RequireAdminAsync);
        api.MapAccounts();
        api.MapUsage();
        api.MapKeys();
        api.MapProviders();
        api.MapExplain();
        api.MapAdaptive();
        api.MapCluster();
        api.MapPrices();
        api.MapBill();
    }

    private static async ValueTask<object?> RequireAdminAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        AdminIdentification identification = await http.RequestServices.GetRequiredService<RequestIdentity>().IdentifyAdminAsync(http);
        if (identification is not AdminIdentification.Identified)
        {
            return identification is AdminIdentification.TokenDenied { Denial: var denial } ? Problem.OfToken(denial, http.Response) : Problem.Unauthorized(http.Response);
        }

        DirectorySnapshot known = http.RequestServices.GetRequiredService<IDirectory>().Current;
        if (http.RequestServices.GetRequiredService<DirectoryFreshness>().IsStale && !known.AnyMayJournal())
        {
            return Problem.Stale();
        }

        try
        {
            return await next(context);
        }
        catch (StoreUnavailableException exception)
        {
            return Problem.Unavailable(exception.Message);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return Problem.Unreachable();
        }
    }
}
