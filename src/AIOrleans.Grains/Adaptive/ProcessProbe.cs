using AIOrleans.Core.Adaptive;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Requests;

namespace AIOrleans.Grains.Adaptive;

/// <summary>Measures this process by what the runtime knows of it and by the queues of its parts.</summary>
internal sealed class ProcessProbe(IEnumerable<IQueueDepth> queues, Settlements settlements, TimeProvider time) : ILoadProbe
{
    private readonly IQueueDepth[] queues = [.. queues];
    private TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
    private long readBefore = time.GetTimestamp();

    public LoadReading Read() => new(CpuPerMille(), MemoryPerMille(), CountOf(QueuedWork.Ledger) + settlements.WaitingCount, CountOf(QueuedWork.LiveCalls));

    private long CpuPerMille()
    {
        (TimeSpan cpu, long stamp) = (Environment.CpuUsage.TotalTime, time.GetTimestamp());
        long couldTicks = time.GetElapsedTime(readBefore, stamp).Ticks * Environment.ProcessorCount;
        long didTicks = (cpu - cpuBefore).Ticks;
        (cpuBefore, readBefore) = (cpu, stamp);
        return couldTicks <= 0 ? 0 : didTicks * 1000 / couldTicks;
    }

    private static long MemoryPerMille()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return (long)((Int128)memory.HeapSizeBytes * 1000 / Math.Max(1, memory.TotalAvailableMemoryBytes));
    }

    private long CountOf(QueuedWork work) => queues.Where(queue => queue.Work == work).Sum(queue => (long)queue.Count);
}
