using Orleans.Compat.Activations;
using Orleans.Compat.Hosting;
using Orleans.Runtime;

namespace Orleans.Compat.Management;

/// <summary>Knows the one silo.</summary>
internal sealed class ManagementGrain(Silo silo) : Grain, IManagementGrain
{
    private SiloAddress Here => silo.Details.SiloAddress;

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(new Dictionary<SiloAddress, SiloStatus> { [Here] = SiloStatus.Active });

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) =>
        hostsIds.Contains(Here) ? GetSimpleGrainStatistics() : Task.FromResult<SimpleGrainStatistic[]>([]);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() =>
        Task.FromResult<SimpleGrainStatistic[]>([.. silo.Classes.All.Select(Count).Where(kind => kind.ActivationCount > 0)]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(silo.Classes.All.Sum(static grainClass => grainClass.Activations.Count()));

    private SimpleGrainStatistic Count(GrainClass grainClass) => new()
    {
        GrainType = $"{grainClass.ClassType.FullName},{grainClass.ClassType.Assembly.GetName().Name}", SiloAddress = Here, ActivationCount = grainClass.Activations.Count(),
    };
}
