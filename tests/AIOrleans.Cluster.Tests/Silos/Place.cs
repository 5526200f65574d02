using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>Says where the grains that a call activates shall live.</summary>
public static class Place
{
    public static async Task OnAsync(SiloAddress silo, Func<Task> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
