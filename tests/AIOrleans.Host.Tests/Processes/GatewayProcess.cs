using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIOrleans.Host.Startup;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Took">From the signal, or the start, to the exit.</param>
internal sealed record Ending(int ExitCode, TimeSpan Took, string Output, string Errors);

/// <summary>The gateway as an operator runs it: a process of its own that prints, and gets signals.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(string[] options)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(GatewayApp).Assembly.Location, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the developer has set for gateways of his own is not meant for this one.
        foreach (string name in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(name);
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Read(line.Data, output);
        process.ErrorDataReceived += (_, line) => Read(line.Data, errors);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Calls with <see cref="TestConfig.Key"/>; <see cref="StartAsync"/> gives it its address.</summary>
    public HttpClient Client { get; } = ClientOf(TestConfig.Key);

    /// <summary>Calls with <see cref="TestConfig.AdminKey"/>.</summary>
    public HttpClient Admin { get; } = ClientOf(TestConfig.AdminKey);

    /// <summary>Starts on a free port and waits for the ready line.</summary>
    public static async Task<GatewayProcess> StartAsync(params string[] options)
    {
        var gateway = new GatewayProcess(["--urls", "http://127.0.0.1:0", .. options]);
        await Task.WhenAny(gateway.ready.Task, gateway.process.WaitForExitAsync()).WaitAsync(Patience.Max);
        Assert.True(gateway.ready.Task.IsCompleted, $"The gateway did not start:\n{Text(gateway.output)}\n{Text(gateway.errors)}");
        gateway.Client.BaseAddress = gateway.Admin.BaseAddress = await gateway.ready.Task;
        return gateway;
    }

    /// <summary>Runs a start that is refused.</summary>
    public static async Task<Ending> RunAsync(params string[] options)
    {
        await using var gateway = new GatewayProcess(options);
        return await gateway.EndAsync();
    }

    /// <summary>Everything printed so far.</summary>
    public IReadOnlyList<string> Lines => [.. output];

    /// <summary>The first printed line that has <paramref name="part"/>.</summary>
    public Task<string> LineAsync(string part) =>
        Patience.UntilAsync($"'{part}' is printed", () => Task.FromResult(output.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal))));

    public Task<HttpResponseMessage> ChatAsync(string json, HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead) =>
        Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") }, wait);

    /// <summary>Usage events in the ledger, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync() => [.. (await AdminAsync("usage/events")).GetProperty("events").EnumerateArray()];

    /// <summary>A path of the management API.</summary>
    public async Task<JsonElement> AdminAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Admin.GetStringAsync($"/api/v1/{path}"));
        return document.RootElement.Clone();
    }

    /// <summary>As <c>kill</c>, systemd and Kubernetes do it.</summary>
    public Task<Ending> TerminateAsync() => SignalAsync(SigTerm);

    /// <summary>As <c>kill -9</c>, the OOM killer and a power cut do it.</summary>
    public Task<Ending> KillAsync() => SignalAsync(SigKill);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        Admin.Dispose();
        process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("AIORLEANS_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name == "DOTNET_URLS";

    private static HttpClient ClientOf(string key) => new() { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines);

    private void Read(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (ReadyLine().Match(line) is { Success: true } match)
        {
            ready.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    private Task<Ending> SignalAsync(int signal)
    {
        Assert.Equal(0, Kill(process.Id, signal));
        return EndAsync();
    }

    private async Task<Ending> EndAsync()
    {
        long startedStamp = TimeProvider.System.GetTimestamp();
        await process.WaitForExitAsync().WaitAsync(Patience.Max);
        return new Ending(process.ExitCode, TimeProvider.System.GetElapsedTime(startedStamp), Text(output), Text(errors));
    }

    [GeneratedRegex(@" is ready at (?<url>http://\S+) after ", RegexOptions.ExplicitCapture)]
    private static partial Regex ReadyLine();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
