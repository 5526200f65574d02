using System.Diagnostics.Metrics;

namespace AIOrleans.Grains.Telemetry;

/// <summary>What the grains of this silo count. Thread-safe.</summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "AIOrleans.Grains";

    private readonly UpDownCounter<long> accounts;
    private readonly Counter<long> orphans;

    public GrainMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        accounts = meter.CreateUpDownCounter<long>("aiorleans.accounts.active", "{account}", "Accounts that live on this silo.");
        orphans = meter.CreateCounter<long>("aiorleans.orphans", "{hold}", "Holds that this silo settled as estimated, because whoever made them did not settle or prolong them in time.");
    }

    public void AccountCame() => accounts.Add(1);

    public void AccountWent() => accounts.Add(-1);

    public void OrphansSettled(int count) => orphans.Add(count);
}
