using System.Diagnostics.Metrics;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Counts what is going on between two steps. Thread-safe.</summary>
internal sealed class LiveMetrics
{
    private long streams;
    private long waiting;

    public LiveMetrics(IMeterFactory factory)
    {
        // Observed, so that they are told while they are zero too.
        Meter meter = factory.Create(RequestMetrics.MeterName);
        meter.CreateObservableGauge("aiorleans.streams.open", () => Volatile.Read(ref streams), "{stream}", "Streams that run to clients of this process.");
        meter.CreateObservableGauge("aiorleans.queue.waiting", () => Volatile.Read(ref waiting), "{request}", "Calls of this process that wait in line for a limit.");
    }

    public void StreamBegan() => Interlocked.Increment(ref streams);

    public void StreamEnded() => Interlocked.Decrement(ref streams);

    public void WaitBegan() => Interlocked.Increment(ref waiting);

    public void WaitEnded() => Interlocked.Decrement(ref waiting);
}
