using AIOrleans.Contracts.Providers;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Management.Apis;

/// <summary>Providers: the breakers of their deployments as their grains know them, and their keys as this process does.</summary>
internal static class ProvidersApi
{
    public static void MapProviders(this IEndpointRouteBuilder api) =>
        api.MapGet("/providers/{name}/live", LiveAsync).WithSummary("Circuit breakers of a provider's deployments, and its keys");

    private static async Task<IResult> LiveAsync(string name, IDirectory directory, IGrainFactory grains, IProviderKeys keys, ILocalSiloDetails silo)
    {
        DirectorySnapshot snapshot = directory.Current;
        if (!snapshot.Providers.TryGetValue(name, out ProviderConfig? provider))
        {
            return Problem.NotFound($"There is no provider '{name}'.");
        }

        string[] models = [.. snapshot.Models.Values.SelectMany(model => model.Routes).Where(route => route.Provider == name).Select(route => route.Model).Distinct().Order()];
        BreakerView[] views = await Task.WhenAll(
            models.Select(model => grains.GetGrain<IProviderGrain>($"{AccountId.Escape(name)}/{AccountId.Escape(model)}").ViewAsync()));
        return Results.Json(
            new
            {
                Provider = name,
                Deployments = models.Zip(views, (model, breaker) => new { Model = model, Breaker = breaker }),
                Silo = silo.Name,
                Keys = keys.HealthOf(provider),
            },
            ApiJson.Options);
    }
}
