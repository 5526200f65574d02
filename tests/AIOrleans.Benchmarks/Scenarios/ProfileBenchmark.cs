using System.Collections.Concurrent;
using System.Diagnostics;
using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Targets;
using AIOrleans.Host.Startup;
using Microsoft.AspNetCore.Builder;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>What each step of the flow takes: the gateway's own spans, heard within its process. Only here is it in the process of the benchmark.</summary>
internal static class ProfileBenchmark
{
    private static readonly Company Company = new(Tenants: 8, KeysPerTenant: 8);

    public static async Task RunAsync(BenchmarkOptions options, FigureBook book, TextWriter output)
    {
        var spans = new ConcurrentDictionary<string, LatencyHistogram>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AIOrleans.Gateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = span => Record(spans, span),
        };
        ActivitySource.AddActivityListener(listener);
        string folder = Directory.CreateTempSubdirectory("aiorleans-bench-").FullName;
        await using WebApplication upstream = UpstreamServer.Build();
        await upstream.StartAsync();
        foreach (string durability in new[] { "strict", "fast" })
        {
            string config = Path.Combine(folder, "config.json");
            await File.WriteAllTextAsync(config, Company.ToJson(new Uri(upstream.Urls.First())));
            string data = Directory.CreateDirectory(Path.Combine(folder, durability)).FullName;
            await using WebApplication app = GatewayApp.Build(
                ["--config", config, "--data", data, "--urls", "http://127.0.0.1:0", "--Ledger:Durability", durability, "--Logging:LogLevel:Default", "Error"]);
            var url = new Uri((await GatewayApp.StartAsync(app, CancellationToken.None)).Url);
            foreach (int connections in new[] { 1, options.Connections })
            {
                var plan = new LoadPlan
                {
                    Host = url.Host, Port = url.Port, Keys = Company.Secrets, Connections = connections, BodyBytes = options.BodyBytes, AnswerBytes = options.BodyBytes, Seconds = options.Seconds,
                };
                await Generator.RunAsync(plan);
                spans.Clear();
                LoadResult result = await Generator.RunAsync(plan);
                Tell(book, $"profile.{durability}.{connections}", spans, result);
            }

            await app.StopAsync();
        }

        output.WriteLine("Load, provider and gateway share one process here, and every call is traced: these are shares, not figures of a gateway.");
        Directory.Delete(folder, recursive: true);
    }

    private static void Record(ConcurrentDictionary<string, LatencyHistogram> spans, Activity span)
    {
        LatencyHistogram of = spans.GetOrAdd(span.OperationName, _ => new LatencyHistogram());
        lock (of)
        {
            of.Add(span.Duration);
        }
    }

    private static void Tell(FigureBook book, string scenario, ConcurrentDictionary<string, LatencyHistogram> spans, LoadResult result)
    {
        book.Add($"{scenario}.whole.p50", LatencyHistogram.FromSparse(result.Latency).MicrosAt(0.5), "us");
        foreach ((string step, LatencyHistogram durations) in spans.OrderBy(span => span.Key, StringComparer.Ordinal))
        {
            book.Add($"{scenario}.{step}.p50", durations.MicrosAt(0.5), "us");
            book.Add($"{scenario}.{step}.p99", durations.MicrosAt(0.99), "us");
        }
    }
}
