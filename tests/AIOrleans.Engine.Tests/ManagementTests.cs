using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests;

public sealed class ManagementTests
{
    [Fact]
    public async Task Activations_are_counted_by_class_and_silo()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        SiloAddress here = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        IManagementGrain management = host.Grains.GetGrain<IManagementGrain>(0);
        for (int i = 0; i < 3; i++)
        {
            await host.Grains.GetGrain<ITinyGrain>(i).PingAsync();
        }

        SimpleGrainStatistic[] kinds = await management.GetSimpleGrainStatistics();

        SimpleGrainStatistic counted = Assert.Single(kinds, kind => kind.GrainType.Split(',')[0].EndsWith("TinyGrain", StringComparison.Ordinal));
        Assert.Equal((3, here), (counted.ActivationCount, counted.SiloAddress));
        Assert.Equal(3, Assert.Single(await management.GetSimpleGrainStatistics([here]), kind => kind.GrainType == counted.GrainType).ActivationCount);
        Assert.True(await management.GetTotalActivationCount() >= 3);
        Assert.Equal([SiloStatus.Active], (await management.GetHosts(onlyActive: true)).Values);
    }
}
