using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Management.Apis;

/// <summary>The processes that serve together: who they are, how far they have followed the configuration, and what they are busy with.</summary>
internal static class ClusterApi
{
    private const int HottestDefault = 10;
    private const int HottestMax = 100;

    public static void MapCluster(this IEndpointRouteBuilder api) =>
        api.MapGet("/cluster", ReadAsync).WithSummary("Silos, their load, activations by kind, and the hottest accounts").Produces<ClusterJson>();

    private static async Task<IResult> ReadAsync(
        int? hottest, ISiloStore silos, ISiloFacts self, IDirectory directory, IPrices prices, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = new StoreVersion(directory.Current.Revision, prices.Current.Sequence);
        SeenSilo here = new(self.Describe() with { Known = known }, time.GetUtcNow(), TimeSpan.Zero);
        IReadOnlyList<SeenSilo> seen = await silos.ReadAsync(cancellationToken);
        SeenSilo[] all = [.. seen.Where(other => other.Silo.InstanceId != here.Silo.InstanceId).Append(here).OrderBy(silo => silo.Silo.Name, StringComparer.Ordinal)];
        SimpleGrainStatistic[] kinds = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return Results.Json(ClusterJson.Of(all, here, Activations(kinds, all), Math.Clamp(hottest ?? HottestDefault, 0, HottestMax)), ApiJson.Options);
    }

    private static IEnumerable<ActivationsJson> Activations(SimpleGrainStatistic[] kinds, SeenSilo[] all)
    {
        ILookup<string, string> names = all.ToLookup(seen => seen.Silo.Address, seen => seen.Silo.Name, StringComparer.Ordinal);
        return kinds
            .Select(kind => new ActivationsJson(
                names[kind.SiloAddress.Endpoint.ToString()].LastOrDefault() ?? kind.SiloAddress.Endpoint.ToString(), KindOf(kind.GrainType), kind.ActivationCount))
            .OrderBy(kind => kind.Silo, StringComparer.Ordinal).ThenByDescending(kind => kind.Count).ThenBy(kind => kind.Kind, StringComparer.Ordinal);
    }

    /// <summary>The class without its namespace and suffix: <c>Account</c> of <c>AIOrleans.Grains.Accounts.AccountGrain,AIOrleans.Grains</c>.</summary>
    private static string KindOf(string grainType)
    {
        string name = grainType.Split(',')[0].Split('.')[^1];
        return name.Length > "Grain".Length && name.EndsWith("Grain", StringComparison.Ordinal) ? name[..^"Grain".Length] : name;
    }
}
