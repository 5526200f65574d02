using AIOrleans.Core.Ledger;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Accounting;

/// <summary>A buyer on the silo where it was placed: its calls go through that silo's own request workers.</summary>
[Alias("tests.buyer")]
public interface IBuyerGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task<HoldId[]> HoldAsync(int count);

    [Alias("silo")]
    Task<SiloAddress> SiloAsync();

    /// <summary>Buys the large budget until it is spent or the silo is killed; nobody waits for it.</summary>
    [Alias("buy")]
    [OneWay]
    Task BuyAsync(int lines);
}

internal sealed class BuyerGrain(ILocalSiloDetails silo, TimeProvider time) : Grain, IBuyerGrain
{
    public Task<HoldId[]> HoldAsync(int count) => new Buyer(GrainFactory, TenantBudget.Small, time).HoldAsync(count);

    public Task<SiloAddress> SiloAsync() => Task.FromResult(silo.SiloAddress);

    public Task BuyAsync(int lines) => new Buyer(GrainFactory, TenantBudget.Large, time).BuyAsync(lines);
}
