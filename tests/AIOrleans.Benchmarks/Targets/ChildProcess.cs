using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>A program that serves on a port until it is ended, and what it costs the machine.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    /// <summary>A first start with a million accounts takes a minute and more on a busy machine.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly Queue<string> lastLines = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public static string Runtime => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts a program, and waits until it has printed an address.</summary>
    /// <param name="url">Where it will be, when it does not say so itself: then its port is waited for.</param>
    /// <exception cref="InvalidOperationException">It was not there in time; the message has its last lines.</exception>
    public static async Task<(ChildProcess Process, Uri Url)> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Uri? url = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
        try
        {
            Task<Uri> there = url is null ? child.ready.Task : child.AnswersAsync(url);
            return (child, await there.WaitAsync(StartMax));
        }
        catch (TimeoutException)
        {
            await child.DisposeAsync();
            throw new InvalidOperationException($"{program} was not ready within {StartMax.TotalSeconds} s:\n{child.LastLines}");
        }
    }

    /// <summary>Processor time of the process and of the children that it has waited for, and what it holds, as the kernel counts.</summary>
    public ProcessCost Cost()
    {
        process.Refresh();
        string status = File.Exists($"/proc/{Id}/status") ? File.ReadAllText($"/proc/{Id}/status") : "";
        double peak = PeakLine().Match(status) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 1024 : 0;
        int handles = Directory.Exists($"/proc/{Id}/fd") ? Directory.GetFiles($"/proc/{Id}/fd").Length : process.HandleCount;
        return new ProcessCost(process.TotalProcessorTime, process.WorkingSet64 / 1048576.0, peak, process.Threads.Count, handles);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private string LastLines
    {
        get
        {
            lock (lastLines)
            {
                return string.Join('\n', lastLines);
            }
        }
    }

    private async Task<Uri> AnswersAsync(Uri url)
    {
        using var http = new HttpClient();
        while (!process.HasExited)
        {
            try
            {
                (await http.GetAsync(url)).Dispose();
                return url;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"The process ended:\n{LastLines}");
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            ready.TrySetException(new InvalidOperationException($"The process ended:\n{LastLines}"));
            return;
        }

        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > 20)
            {
                lastLines.Dequeue();
            }
        }

        if (ReadyLine().Match(line) is { Success: true } match)
        {
            ready.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"ready at (http://\S+)")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex PeakLine();
}

/// <summary>What a process has cost so far, and holds now.</summary>
internal sealed record ProcessCost(TimeSpan Cpu, double MemoryMiB, double PeakMiB, int Threads, int Handles)
{
    public static ProcessCost operator +(ProcessCost one, ProcessCost other) => new(
        one.Cpu + other.Cpu, one.MemoryMiB + other.MemoryMiB, one.PeakMiB + other.PeakMiB, one.Threads + other.Threads, one.Handles + other.Handles);
}
