using System.Diagnostics;
using System.Text.Json;
using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>The <see cref="Generator"/> in its own process, which lives over all plans: its code is compiled once.</summary>
internal sealed class GeneratorProcess : IDisposable
{
    private readonly Process process = Process.Start(new ProcessStartInfo(
        ChildProcess.Runtime, ["exec", Path.Combine(AppContext.BaseDirectory, "AIOrleans.Benchmarks.dll"), "generate"])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException("The generator did not start.");

    public async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan));
        await process.StandardInput.FlushAsync();
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The generator ended.");
        return JsonSerializer.Deserialize<LoadResult>(line) ?? throw new InvalidOperationException("The generator answered nothing.");
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
