using System.Diagnostics.Metrics;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>Counts what is going on between two steps. Thread-safe.</summary>
internal sealed class LiveMetrics
{
    private readonly UpDownCounter<long> streams;
    private readonly UpDownCounter<long> waiting;

    public LiveMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(RequestMetrics.MeterName);
        streams = meter.CreateUpDownCounter<long>("aiorleans.streams.open", "{stream}", "Streams that run to clients of this process.");
        waiting = meter.CreateUpDownCounter<long>("aiorleans.queue.waiting", "{request}", "Calls of this process that wait in line for a limit.");
    }

    public void StreamBegan() => streams.Add(1);

    public void StreamEnded() => streams.Add(-1);

    public void WaitBegan() => waiting.Add(1);

    public void WaitEnded() => waiting.Add(-1);
}
