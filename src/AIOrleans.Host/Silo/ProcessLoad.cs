using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;

namespace AIOrleans.Host.Silo;

/// <summary>Measures how busy this process is, for those who look at the cluster.</summary>
/// <remarks>Thread-safe. Processor time is that of the last span of at least <see cref="SpanMin"/>.</remarks>
internal sealed class ProcessLoad(IEnumerable<IQueueDepth> queues, IHotAccounts hot, TimeProvider time)
{
    /// <summary>Accounts that are told: what is hot in the cluster is hot on some silo.</summary>
    private const int HottestMax = 20;

    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(900);

    private readonly IQueueDepth[] queues = [.. queues];
    private readonly Lock gate = new();
    private TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
    private long readBefore = time.GetTimestamp();
    private int cpuPerMille;

    public SiloLoad Read()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return new SiloLoad
        {
            RequestsInFlight = CountOf(QueuedWork.Requests),
            Holds = CountOf(QueuedWork.LiveCalls),
            WaitingInLine = CountOf(QueuedWork.InLine),
            LedgerQueue = CountOf(QueuedWork.Ledger),
            CpuPerMille = Cpu(),
            MemoryBytes = Environment.WorkingSet,
            Hottest = hot.Hottest(HottestMax),
            HeapPerMille = (int)((Int128)memory.HeapSizeBytes * 1000 / Math.Max(1, memory.TotalAvailableMemoryBytes)),
        };
    }

    private int Cpu()
    {
        lock (gate)
        {
            (TimeSpan cpu, long stamp) = (Environment.CpuUsage.TotalTime, time.GetTimestamp());
            TimeSpan span = time.GetElapsedTime(readBefore, stamp);
            if (span >= SpanMin)
            {
                cpuPerMille = (int)((cpu - cpuBefore).Ticks * 1000 / (span.Ticks * Environment.ProcessorCount));
                (cpuBefore, readBefore) = (cpu, stamp);
            }

            return cpuPerMille;
        }
    }

    private long CountOf(QueuedWork work) => queues.Where(queue => queue.Work == work).Sum(queue => (long)queue.Count);
}
