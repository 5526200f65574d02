using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>Each silo a process, with the ledger on PostgreSQL, as in production.</summary>
internal sealed class MeasuredProcesses(SiloProcess[] silos) : IMeasuredSilos
{
    public TimeSpan ProcessorTime => silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.ProcessorTime);

    public static async Task<IMeasuredSilos> StartAsync(SiloSettings[] settings)
    {
        SiloProcess[] silos = await Task.WhenAll(settings.Select(SiloProcess.StartAsync));
        await Task.WhenAll(silos.Select(silo => silo.SeesActiveAsync(silos.Length)));
        return new MeasuredProcesses(silos);
    }

    public async Task<long> BuyAsync(int callers, TimeSpan time)
    {
        long[] bought = await Task.WhenAll(silos.Select(silo => silo.BuyAsync(TenantBudget.Endless, callers / silos.Length, time)));
        return bought.Sum();
    }

    public ValueTask DisposeAsync()
    {
        Array.ForEach(silos, silo => silo.Dispose());
        return ValueTask.CompletedTask;
    }
}
