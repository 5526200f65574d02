using System.Globalization;
using AIOrleans.Host.Startup;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Builder;

namespace AIOrleans.Benchmarks.Gateway;

/// <summary>
/// The whole gateway (authentication, holds on seven accounts, durable ledger, usage events) against <see cref="BareForwarder"/>, in one process and one run:
/// the ratio means something on any machine. Rounds alternate, so that drift of the machine hits both.
/// </summary>
internal static class GatewayAgainstForwarder
{
    private const int Rounds = 3;
    private const int Connections = 32;
    private const string Key = "sk-benchmark";

    /// <summary>Prints requests per second and their ratio, and the median microseconds added at one connection.</summary>
    public static async Task RunAsync(TimeSpan round, string durability, TextWriter output)
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("aiorleans-bench-").FullName;
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        await using BareForwarder forwarder = await BareForwarder.StartAsync(new Uri(upstream.BaseUrl + "/chat/completions"));
        string configPath = Path.Combine(folder, "config.json");
        await File.WriteAllTextAsync(configPath, ConfigFor(upstream.BaseUrl));
        await using WebApplication app = GatewayApp.Build(
            ["--config", configPath, "--data", folder, "--urls", "http://127.0.0.1:0", $"--Ledger:Durability={durability}", "--Logging:LogLevel:Default=Error"]);
        StartReport report = await GatewayApp.StartAsync(app, CancellationToken.None);

        using var bare = new HttpLoad(forwarder.Url, Key, ChatSamples.Request("gpt-4o"));
        using var whole = new HttpLoad(new Uri(report.Url), Key, ChatSamples.Request("gpt-4o"));
        await bare.RunAsync(Connections, round);
        await whole.RunAsync(Connections, round);
        var ratios = new List<double>();
        var added = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            (double bareRate, _) = await bare.RunAsync(Connections, round);
            (double wholeRate, _) = await whole.RunAsync(Connections, round);
            (_, double bareMicros) = await bare.RunAsync(1, round);
            (_, double wholeMicros) = await whole.RunAsync(1, round);
            ratios.Add(wholeRate / bareRate);
            added.Add(wholeMicros - bareMicros);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"gateway {durability}: {wholeRate:N0}/s, bare forwarder {bareRate:N0}/s, ratio {wholeRate / bareRate:0.00}; one connection p50 {wholeMicros:N0} µs, bare {bareMicros:N0} µs"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"gateway {durability}: median ratio {Median(ratios):0.00}, median added p50 {Median(added):N0} µs"));
        await app.StopAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string ConfigFor(Uri upstream) =>
        $$"""
        {
          "providers": [ { "name": "up", "kind": "openai", "baseUrl": "{{upstream}}" } ],
          "models": [ { "name": "gpt-4o", "routes": [ { "provider": "up", "model": "gpt-4o", "weight": 1 } ],
                        "price": { "inputPerMillion": 2.5, "outputPerMillion": 10 }, "contextTokensMax": 128000, "outputTokensMax": 1000 } ],
          "tenants": [ { "id": "acme", "limits": { "quotas": [ { "metric": "cost", "period": "month", "amount": 1000000 } ] },
            "orgs": [ { "id": "eng", "teams": [ { "id": "core", "limits": { "tokensPerMinute": 1000000000 } } ],
              "apps": [ { "id": "app", "limits": { "quotas": [ { "metric": "cost", "period": "month", "amount": 1000000 } ] } } ],
              "users": [ { "id": "dev", "teams": ["core"], "limits": { "concurrent": 10000 },
                "keys": [ { "id": "k", "secret": "{{Key}}", "team": "core", "app": "app", "limits": { "requestsPerMinute": 100000000 } } ] } ] } ] } ]
        }
        """;
}
