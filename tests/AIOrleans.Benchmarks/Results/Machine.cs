using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AIOrleans.Benchmarks.Results;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const int Flushes = 50;

    /// <summary>Prints it, and leaves it for the report.</summary>
    public static void Tell(string folder, TextWriter output)
    {
        IReadOnlyList<string> facts = Describe(folder);
        File.WriteAllLines(Path.Combine(folder, "machine.txt"), facts);
        foreach (string fact in facts)
        {
            output.WriteLine(fact);
        }
    }

    private static string[] Describe(string folder) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {CpuModel()}"),
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0:0.#} GiB of memory"),
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}",
        string.Create(CultureInfo.InvariantCulture, $"a write of 4 kB and its flush to the disk: {FlushMicros(folder):0} µs (median of {Flushes})"),
        $"load average at the start: {LoadAverage()}",
    ];

    private static string CpuModel() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static double FlushMicros(string folder)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "flush.tmp");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        byte[] page = new byte[4096];
        return Spread.Of(Enumerable.Range(0, Flushes).Select(_ =>
        {
            long startedAt = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            return Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds;
        }).ToArray()).Median;
    }
}
