using System.Diagnostics;
using AIOrleans.Chaos.Watch;

namespace AIOrleans.Chaos.Gateways;

/// <summary>One process of a gateway, from its start to its end.</summary>
internal sealed class GatewayLife : IDisposable
{
    /// <summary>The gateway that was built with this program.</summary>
    public static readonly string Built = Path.Combine(AppContext.BaseDirectory, ProgramName);

    /// <summary>Its file, in any folder that it was published to.</summary>
    public const string ProgramName = "AIOrleans.Host.dll";

    private const string ReadyMark = "is ready at ";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task log;
    private readonly TaskCompletionSource served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayLife(Process process, Task log, Uri url, int number)
    {
        this.process = process;
        this.log = log;
        Url = url;
        Number = number;
    }

    public Uri Url { get; }

    /// <summary>1 for the first process of the run.</summary>
    public int Number { get; }

    /// <summary>Just before it was killed under load, or from when on it may have died by itself; null while it lives.</summary>
    public DateTimeOffset? KilledAt { get; private set; }

    /// <summary>Completes when it has given its first whole answer: on a busy machine long after it is ready.</summary>
    public Task Served => served.Task;

    /// <summary>When it was frozen, or its database away.</summary>
    public Disturbances Disturbances { get; } = new();

    public void MarkServed() => served.TrySetResult();

    /// <summary>Stops its threads where they are: as a long garbage collection or a paused machine does.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Starts the gateway and waits until it is ready.</summary>
    /// <param name="program">Which build of it: <see cref="Built"/>, or an older one.</param>
    /// <param name="wrapper">A command that runs it, such as one that puts it into a network of its own; empty: none.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message has its last lines.</exception>
    public static async Task<GatewayLife> StartAsync(
        string program, IReadOnlyList<string> wrapper, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logPath, int number)
    {
        string runtime = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [.. wrapper, runtime, "exec", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("The gateway did not start.");
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task log = CopyAsync(process, logPath, ready);
        try
        {
            Uri url = await ready.Task.WaitAsync(StartMax);
            return new GatewayLife(process, log, url, number);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new InvalidOperationException($"The gateway was not ready within {StartMax.TotalSeconds} s; see {logPath}.");
        }
    }

    /// <summary>As <c>kill -9</c>, under load.</summary>
    public async Task KillAsync()
    {
        KilledAt = TimeProvider.System.GetUtcNow();
        await EndAsync();
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await process.WaitForExitAsync();
        await log;
        return process.ExitCode;
    }

    /// <summary>True once it has ended, by whose will ever.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>It may end by itself from now on, as a machine does that finds itself given up: what it was doing is then for others to end.</summary>
    public void ExpectDeath() => KilledAt ??= TimeProvider.System.GetUtcNow();

    /// <summary>Ends it when nothing is under way any more.</summary>
    public async Task EndAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await log;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        if (process.HasExited)
        {
            return;
        }

        using Process? kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await (kill ?? throw new InvalidOperationException("There is no 'kill'.")).WaitForExitAsync();
    }

    private static async Task CopyAsync(Process process, string logPath, TaskCompletionSource<Uri> ready)
    {
        await using var file = new StreamWriter(logPath, append: true) { AutoFlush = true };
        using var turn = new SemaphoreSlim(1, 1);
        string last = "";
        async Task CopyLinesAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                last = line.Length > 0 ? line : last;
                int at = line.IndexOf(ReadyMark, StringComparison.Ordinal);
                if (at >= 0)
                {
                    ready.TrySetResult(new Uri(line[(at + ReadyMark.Length)..].Split(' ')[0]));
                }

                await turn.WaitAsync();
                await file.WriteLineAsync(line);
                turn.Release();
            }
        }

        await Task.WhenAll(CopyLinesAsync(process.StandardOutput), CopyLinesAsync(process.StandardError));
        ready.TrySetException(new InvalidOperationException($"The gateway ended before it was ready: {last}"));
    }
}
