using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Identity.Telemetry;

/// <summary>Which configuration this process works by, and how old it may be. A service of the host, so that it exists.</summary>
internal sealed class DirectoryGauges(IMeterFactory factory, LiveDirectory directory, DirectoryAge age) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Meter meter = factory.Create("AIOrleans.Identity");
        meter.CreateObservableGauge("aiorleans.directory.revision", () => directory.Current.Revision, null, "Revision of the configuration that this process works by.");
        meter.CreateObservableGauge("aiorleans.directory.age", () => age.Seconds, "s", "Time since this process last found its configuration to be the newest.");
        meter.CreateObservableGauge("aiorleans.directory.unreadable", () => directory.Current.Unreadable.Count, "{record}", "Records of the configuration that cannot be read and count as absent.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
