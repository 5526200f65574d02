using System.Text.RegularExpressions;
using AIOrleans.Host.Metrics;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Metrics;

/// <summary>docs/metrics.md has every metric of the product, as it is told, and no other.</summary>
public sealed partial class MetricDocumentTests
{
    [Fact]
    public async Task Every_metric_is_documented_with_its_type()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")));
        string[] told = [.. ProductMetrics.Of(gateway.Service<MetricStore>()).Select(family => $"{ProductMetrics.NameOf(family)} {family.Kind.ToString().ToLowerInvariant()}")];
        Assert.Equal(told.Order(StringComparer.Ordinal), Rows().Select(row => $"{row.Name} {row.Type}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_label_is_documented()
    {
        await using FakeUpstream broken = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Error("down"), 500));
        await using RunningGateway gateway = await RunningGateway.StartAsync(
            TestConfig.Json(broken.BaseUrl, broken.BaseUrl, new Dictionary<string, string> { ["key"] = """{ "requestsPerMinute": 2 }""" }), "--Metrics:TenantsMax", "5");
        foreach (string model in (string[])["sim-1", "gpt-4o", "sim-1"])
        {
            using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request(model));
        }

        await gateway.WhenIdleAsync();
        var store = gateway.Service<MetricStore>();
        store.Write(new PrometheusText(openMetrics: false));
        Dictionary<string, string> documented = Rows().ToDictionary(row => row.Name, row => row.Labels);
        int labels = 0;
        foreach (MetricFamily family in ProductMetrics.Of(store))
        {
            foreach (string label in family.Series.SelectMany(series => Label().Matches(series.Key).Select(match => match.Groups[1].Value)).Distinct())
            {
                labels++;
                Assert.Contains($"`{label}`", documented[ProductMetrics.NameOf(family)], StringComparison.Ordinal);
            }
        }

        Assert.True(labels > 30, $"Only {labels} labels were seen.");
    }

    private static IEnumerable<(string Name, string Type, string Labels)> Rows() =>
        Row().Matches(RepositoryFile.Read("docs/metrics.md")).Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (counter|gauge|histogram) \| ([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""([a-z_]+)="(?:[^"\\]|\\.)*""")]
    private static partial Regex Label();
}
