using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>All processes of a measurement: provider, generator, and what is measured. Everything goes when it is disposed.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly List<ChildProcess> processes = [];
    private readonly string folder;
    private readonly Uri upstream;
    private readonly GeneratorProcess generator = new();

    private Bench(string folder, Uri upstream)
    {
        this.folder = folder;
        this.upstream = upstream;
    }

    public static async Task<Bench> StartAsync()
    {
        (ChildProcess process, Uri url) = await ChildProcess.StartAsync(ChildProcess.Runtime, ["exec", Own, "serve-upstream"], NoEnvironment);
        var bench = new Bench(Directory.CreateTempSubdirectory("aiorleans-bench-").FullName, url);
        bench.processes.Add(process);
        return bench;
    }

    private static string Own => Path.Combine(AppContext.BaseDirectory, "AIOrleans.Benchmarks.dll");

    public string Folder => folder;

    /// <summary>Kestrel and HttpClient with nothing between.</summary>
    public async Task<Target> AddForwarderAsync()
    {
        (ChildProcess process, Uri url) = await StartAsync(ChildProcess.Runtime, ["exec", Own, "serve-forwarder", new Uri(upstream, "/v1/chat/completions").ToString()], NoEnvironment);
        return new Target("forwarder", url, process, []);
    }

    /// <summary>No gateway at all: what generator and provider cost by themselves.</summary>
    public Target Direct => new("direct", upstream, processes[0], []);

    /// <summary>The product's own program, on a database of its own; under a name that it had before, on the same file and database again.</summary>
    /// <param name="options">Further arguments of the process.</param>
    public async Task<Target> AddGatewayAsync(string name, Company company, params string[] options)
    {
        string data = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        (ChildProcess process, Uri url) = await StartGatewayAsync(await ConfigAsync(data, company), data, options, NoEnvironment);
        return new Target(name, url, process, [], new LedgerCheck(url));
    }

    /// <summary>Silos of one cluster, which calls take turns with. They start one after the other, as machines are added.</summary>
    /// <param name="storage">Arguments of every silo that name their database.</param>
    public async Task<Target> AddClusterAsync(string name, Company company, int count, IReadOnlyList<string> storage)
    {
        string home = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        string config = await ConfigAsync(home, company);
        var places = new SiloPlaces(count);
        var silos = new List<(ChildProcess Process, Uri Url)>();
        for (int slot = 0; slot < count; slot++)
        {
            string data = Directory.CreateDirectory(Path.Combine(home, $"silo{slot}")).FullName;
            silos.Add(await StartGatewayAsync(config, data, [.. places.ArgumentsOf(slot, name), .. storage], places.Environment));
        }

        return new Target(name, silos[0].Url, silos[0].Process, [], new LedgerCheck(silos[0].Url)) { Others = silos[1..] };
    }

    /// <summary>Size of a gateway's SQLite file, which has what its log had at the last checkpoint; 0 before the first.</summary>
    public long DatabaseBytes(Target gateway) => new FileInfo(Path.Combine(folder, gateway.Name, "aiorleans.db")) is { Exists: true } file ? file.Length : 0;

    /// <summary>nginx as a reverse proxy that keeps its connections; null where it is not installed.</summary>
    public async Task<Target?> TryAddNginxAsync()
    {
        if (Installed.Find("nginx") is not { } program)
        {
            return null;
        }

        Uri url = FreeUrl();
        string home = Directory.CreateDirectory(Path.Combine(folder, "nginx")).FullName;
        string config = Path.Combine(home, "nginx.conf");
        await File.WriteAllTextAsync(config, NginxConfig.Of(home, url, upstream));
        (ChildProcess process, _) = await StartAsync(program, ["-c", config, "-p", home, "-e", Path.Combine(home, "error.log")], NoEnvironment, url);
        return new Target("nginx", url, process, []);
    }

    /// <summary>Portkey's open gateway as npm installs it; null where it is not.</summary>
    public async Task<Target?> TryAddPortkeyAsync()
    {
        if (Installed.Find("node") is not { } node || Installed.Portkey is not { } script)
        {
            return null;
        }

        Uri url = FreeUrl();
        var environment = new Dictionary<string, string> { ["NODE_ENV"] = "production", ["PORT"] = $"{url.Port}", ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1,localhost" };
        (ChildProcess process, _) = await StartAsync(node, [script, $"--port={url.Port}", "--headless"], environment, url);
        return new Target("portkey", url, process, ["x-portkey-provider: openai", $"x-portkey-custom-host: {new Uri(upstream, "/v1")}"]);
    }

    /// <summary>Has the generator do a plan at a target.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong: the figure would mean nothing.</exception>
    public async Task<Measured> RunAsync(Target target, LoadPlan plan)
    {
        ProcessCost before = target.Cost();
        LoadResult result = await generator.RunAsync(target.PlanOf(plan));
        ProcessCost after = target.Cost();
        target.Ledger?.Add(result);
        return result.Wrong == 0
            ? new Measured(result, after.Cpu - before.Cpu, after)
            : throw new InvalidOperationException($"{target.Name}: {result.Wrong} of {result.Calls} answers were wrong. The first: {result.FirstWrong}");
    }

    /// <summary>Ends one target, so that the next one has the machine to itself.</summary>
    public async Task EndAsync(Target target)
    {
        processes.Remove(target.Process);
        await target.Process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        generator.Dispose();
        foreach (ChildProcess process in processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The file with a company, written where it is not there yet.</summary>
    private async Task<string> ConfigAsync(string home, Company company)
    {
        string config = Path.Combine(home, "config.json");
        if (!File.Exists(config))
        {
            await using FileStream file = File.Create(config);
            company.WriteTo(file, upstream);
        }

        return config;
    }

    private Task<(ChildProcess Process, Uri Url)> StartGatewayAsync(string config, string data, IEnumerable<string> options, IReadOnlyDictionary<string, string> environment)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AIOrleans.Host.dll");
        return StartAsync(ChildProcess.Runtime, ["exec", program, "--config", config, "--data", data, "--urls", "http://127.0.0.1:0", .. options], environment);
    }

    private async Task<(ChildProcess Process, Uri Url)> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Uri? url = null)
    {
        (ChildProcess process, Uri there) = await ChildProcess.StartAsync(program, arguments, environment, url);
        lock (processes)
        {
            processes.Add(process);
        }

        return (process, there);
    }

    private static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }
}

/// <summary>One run of a plan at one target.</summary>
/// <param name="Cpu">Processor time of the target meanwhile.</param>
/// <param name="After">What the target held at its end.</param>
internal sealed record Measured(LoadResult Result, TimeSpan Cpu, ProcessCost After)
{
    private readonly LatencyHistogram latency = LatencyHistogram.FromSparse(Result.Latency);

    public double PerSecond => Result.PerSecond;

    public double CpuMicrosPerCall => Cpu.TotalMicroseconds / Result.Calls;

    public double CpuMicrosPerEvent => Cpu.TotalMicroseconds / Math.Max(1, Result.Events);

    public double LatencyMicros(double share) => latency.MicrosAt(share);

    public double FirstEventMillis(double share) => LatencyHistogram.FromSparse(Result.FirstEvent).MicrosAt(share) / 1000;
}
