using System.Diagnostics;
using System.Net;
using AIOrleans.Cluster.Tests.Accounting;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Silos;

/// <summary>A silo in a process of its own: this test program, started with the silo's settings.</summary>
public sealed class SiloProcess : IDisposable
{
    /// <summary>Written by the silo when it is active, followed by its generation.</summary>
    internal const string Ready = "silo ready ";

    /// <summary>Order to wait until so many silos are active.</summary>
    internal const string See = "see";

    /// <summary>Order to buy: tenant, lines, milliseconds.</summary>
    internal const string Buy = "buy";

    private readonly Process process;

    private SiloProcess(Process process, SiloAddress address)
    {
        this.process = process;
        Address = address;
    }

    public SiloAddress Address { get; }

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<SiloProcess> StartAsync(SiloSettings settings)
    {
        string runtime = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(runtime, ["exec", typeof(SiloProcess).Assembly.Location, Program.SiloCommand, .. settings.ToArguments()])
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
                int generation = int.Parse(line.AsSpan(Ready.Length));
                return new SiloProcess(process, SiloAddress.New(IPAddress.Loopback, settings.SiloPort, generation));
            }
        }

        throw new InvalidOperationException("The silo ended before it was ready:" + Environment.NewLine + output);
    }

    /// <summary>Waits until this silo sees <paramref name="count"/> silos as active.</summary>
    public Task SeesActiveAsync(int count) => OrderAsync($"{See} {count}");

    /// <summary>Has the silo buy through its own request worker, until the budget is spent or for so long.</summary>
    /// <returns>Calls that were granted and settled.</returns>
    public Task<long> BuyAsync(TenantBudget budget, int lines, TimeSpan time) => OrderAsync($"{Buy} {budget.Name} {lines} {(int)time.TotalMilliseconds}");

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

    private async Task<long> OrderAsync(string order)
    {
        await process.StandardInput.WriteLineAsync(order);
        string? answer = await process.StandardOutput.ReadLineAsync();
        return long.Parse(answer ?? throw new InvalidOperationException($"The silo ended while it was to {order}."));
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
