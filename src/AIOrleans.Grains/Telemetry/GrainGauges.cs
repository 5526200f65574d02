using System.Diagnostics.Metrics;
using AIOrleans.Grains.Adaptive;
using AIOrleans.Grains.Outages;
using AIOrleans.Grains.Requests;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Grains.Telemetry;

/// <summary>How this silo stands with the ledger. A service of the host, so that it exists.</summary>
internal sealed class GrainGauges(IMeterFactory factory, Settlements settlements, StoreOutage outage, RateMultiplier multiplier) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Meter meter = factory.Create(GrainMetrics.MeterName);
        meter.CreateObservableGauge("aiorleans.settlements.waiting", () => settlements.WaitingCount, "{settlement}", "Settlements of this silo that wait for the ledger.");
        meter.CreateObservableGauge("aiorleans.outage.active", () => outage.IsAway ? 1 : 0, null, "1 while this silo journals calls because the ledger is away, until the ledger has them all.");
        meter.CreateObservableCounter("aiorleans.outage.journaled", () => outage.Journaled, "{call}", "Calls that were let through and journaled while the ledger was away.");
        meter.CreateObservableCounter("aiorleans.outage.refused", () => outage.Refused, "{call}", "Calls that were refused during an outage, because they may not be journaled.");
        meter.CreateObservableGauge("aiorleans.adaptive.multiplier", () => multiplier.PerMille / 1000.0, null, "What load makes of adaptive rates on this silo; 1 is as configured.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
