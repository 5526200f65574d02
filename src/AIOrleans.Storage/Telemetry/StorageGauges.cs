using System.Diagnostics.Metrics;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Journal;
using AIOrleans.Storage.Ledger;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Storage.Telemetry;

/// <summary>What waits in this process for the database, and whether it answers. A service of the host, so that it exists.</summary>
internal sealed class StorageGauges(IMeterFactory factory, GroupCommit commit, IOutageJournal journal) : IHostedService
{
    public const string MeterName = "AIOrleans.Storage";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Meter meter = factory.Create(MeterName);
        meter.CreateObservableGauge("aiorleans.ledger.queue", () => ((IQueueDepth)commit).Count, "{call}", "Calls of this process that wait for a transaction of the ledger.");
        meter.CreateObservableGauge("aiorleans.ledger.reachable", () => commit.IsAway ? 0 : 1, null, "1 while the ledger's newest transaction reached the database, else 0.");
        if (journal is OutageJournal file)
        {
            meter.CreateObservableGauge("aiorleans.journal.size", () => file.Bytes, "By", "Bytes in the outage journal: calls that the ledger does not have yet.");
            meter.CreateObservableGauge("aiorleans.journal.limit", () => file.BytesMax, "By", "Bytes that the outage journal may have.");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
