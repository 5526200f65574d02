using System.Diagnostics;
using System.Net;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>A silo in a process of its own: this test program, started with the silo's settings.</summary>
public sealed class SiloProcess : IDisposable
{
    /// <summary>Written by the silo when it is active, followed by its generation.</summary>
    internal const string Ready = "silo ready ";

    private readonly Process process;

    private SiloProcess(Process process, SiloAddress address)
    {
        this.process = process;
        Address = address;
    }

    public SiloAddress Address { get; }

    public static async Task<SiloProcess> StartAsync(SiloSettings settings, params string[] more)
    {
        string runtime = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(runtime, ["exec", typeof(SiloProcess).Assembly.Location, Program.SiloCommand, .. settings.ToArguments(), .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The silo did not start.");
        string output = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output += line + Environment.NewLine;
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                int generation = int.Parse(line.AsSpan(Ready.Length));
                return new SiloProcess(process, SiloAddress.New(IPAddress.Loopback, settings.SiloPort, generation));
            }
        }

        throw new InvalidOperationException("The silo ended before it was ready:" + Environment.NewLine + output);
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to leave, by closing its input, and returns its exit code.</summary>
    public async Task<int> LeaveAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
