using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Silos;
using AIOrleans.Core.Ports;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>All silos in this process, which share a ledger in memory: what is measured is what grains do.</summary>
internal sealed class MeasuredHosts(List<SiloInProcess> silos, EpochLedger ledger) : IMeasuredSilos
{
    public TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    public static async Task<IMeasuredSilos> StartAsync(SiloSettings[] settings)
    {
        var ledger = new EpochLedger();
        List<SiloInProcess> silos = [];
        foreach (SiloSettings each in settings)
        {
            silos.Add(await SiloInProcess.StartAsync(each, builder => builder.Services.AddSingleton<ILedger>(ledger)));
        }

        await Task.WhenAll(silos.Select(silo => silo.SeesActiveAsync(silos.Count)));
        return new MeasuredHosts(silos, ledger);
    }

    public async Task<long> BuyAsync(int callers, TimeSpan time)
    {
        using var over = new CancellationTokenSource(time);
        long chargedBefore = ledger.Charged;
        long[] bought = await Task.WhenAll(silos.Select(silo =>
            new Buyer(silo.Grains, TenantBudget.Endless, TimeProvider.System).BuyAsync(callers / silos.Count, over.Token)));
        return bought.Sum() * Buyer.CostNano == ledger.Charged - chargedBefore
            ? bought.Sum()
            : throw new InvalidOperationException("The ledger was charged for another number of calls than were bought.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiloInProcess silo in silos)
        {
            await silo.DisposeAsync();
        }
    }
}
