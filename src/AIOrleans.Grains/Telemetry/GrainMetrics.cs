using System.Diagnostics.Metrics;

namespace AIOrleans.Grains.Telemetry;

/// <summary>What the grains of this silo count. Thread-safe.</summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "AIOrleans.Grains";

    private long accounts;
    private long orphans;

    public GrainMetrics(IMeterFactory factory)
    {
        // Observed, so that they are told from zero on: the first orphan of a process is an increase, and wakes its alert.
        Meter meter = factory.Create(MeterName);
        meter.CreateObservableGauge("aiorleans.accounts.active", () => Volatile.Read(ref accounts), "{account}", "Accounts that live on this silo.");
        meter.CreateObservableCounter(
            "aiorleans.orphans", () => Volatile.Read(ref orphans), "{hold}", "Holds that this silo settled as estimated, because whoever made them did not settle or prolong them in time.");
    }

    public void AccountCame() => Interlocked.Increment(ref accounts);

    public void AccountWent() => Interlocked.Decrement(ref accounts);

    public void OrphanSettled() => Interlocked.Increment(ref orphans);
}
