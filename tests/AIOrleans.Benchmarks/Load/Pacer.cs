using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace AIOrleans.Benchmarks.Load;

/// <summary>
/// Says when calls are due, at random intervals of a given mean, whatever became of the calls before. A thread of its own that sleeps as the kernel can,
/// to some 60 us: timers of .NET are whole milliseconds, which would be most of what is measured.
/// </summary>
internal sealed class Pacer(double perSecond, TimeSpan duration, int seed)
{
    private readonly Channel<long> due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });

    /// <summary>The instants (timestamps) at which calls were to be sent, from their time on; ends when the time is up.</summary>
    public ChannelReader<long> Due => due.Reader;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "pacer", Priority = ThreadPriority.Highest }.Start();

    private void Run()
    {
        var dice = new Random(seed);
        long startedAt = Stopwatch.GetTimestamp();
        double end = duration.TotalSeconds;
        double next = 0;
        while (next < end)
        {
            long dueAt = startedAt + (long)(next * Stopwatch.Frequency);
            long missing = dueAt - Stopwatch.GetTimestamp();
            if (missing > 0)
            {
                SleepNanoseconds((long)(missing * (1e9 / Stopwatch.Frequency)));
            }

            due.Writer.TryWrite(dueAt);
            next -= Math.Log(1 - dice.NextDouble()) / perSecond;
        }

        due.Writer.Complete();
    }

    private static void SleepNanoseconds(long nanoseconds)
    {
        if (OperatingSystem.IsLinux())
        {
            var time = new TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
            _ = NanoSleep(in time, IntPtr.Zero);
            return;
        }

        Thread.Sleep(TimeSpan.FromMicroseconds(nanoseconds / 1000.0));
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int NanoSleep(in TimeSpec requested, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        private readonly long seconds = seconds;
        private readonly long nanoseconds = nanoseconds;
    }
}
