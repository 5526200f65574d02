using System.Text.Json;
using System.Text.RegularExpressions;
using AIOrleans.Host.Metrics;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Metrics;

/// <summary>The dashboard and the alerts ask for metrics that exist, by labels that exist, and every alert is explained.</summary>
public sealed partial class DeployedQueryTests
{
    private const string Alerts = "deploy/alerts.yml";
    private const string Dashboard = "deploy/grafana/dashboards/aiorleans.json";

    /// <summary>Labels that Prometheus itself gives.</summary>
    private static readonly string[] ScrapedLabels = ["instance", "job", "le"];

    [Fact]
    public async Task Every_metric_asked_for_exists()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9")));
        var told = new HashSet<string>(gateway.Service<MetricStore>().Families.SelectMany(SamplesOf), StringComparer.Ordinal);
        string[] asked = [.. AlertQueries().Concat(PanelQueries()).SelectMany(MetricsOf).Distinct()];
        Assert.True(asked.Length > 40, $"Only {asked.Length} metrics are asked for.");
        Assert.Empty(asked.Except(told));
    }

    [Fact]
    public void Every_label_asked_for_is_one_of_the_metrics_of_the_query()
    {
        Dictionary<string, string> labels = DocumentedRow().Matches(RepositoryFile.Read("docs/metrics.md"))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        int count = 0;
        foreach (string query in AlertQueries().Concat(PanelQueries()))
        {
            string known = string.Concat(labels.Where(metric => query.Contains(metric.Key, StringComparison.Ordinal)).Select(metric => metric.Value));
            foreach (string label in LabelsOf(query).Except(ScrapedLabels))
            {
                count++;
                Assert.True(known.Contains($"`{label}`", StringComparison.Ordinal), $"{label} is no label in {query}");
            }
        }

        Assert.True(count > 30, $"Only {count} labels are asked for.");
    }

    [Fact]
    public void Every_metric_of_the_product_is_on_the_dashboard_or_alerted_on()
    {
        string[] asked = [.. AlertQueries().Concat(PanelQueries()).SelectMany(MetricsOf)];
        string[] documented = [.. DocumentedName().Matches(RepositoryFile.Read("docs/metrics.md")).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(documented);
        Assert.DoesNotContain(documented, name => !asked.Any(used => used == name || used.StartsWith(name + "_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_alert_is_explained_and_nothing_else_is()
    {
        string[] alerts = [.. AlertName().Matches(RepositoryFile.Read(Alerts)).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(alerts);
        Assert.Equal(
            alerts.Order(StringComparer.Ordinal),
            AlertHeading().Matches(RepositoryFile.Read("docs/operations/alerts.md")).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compose_starts_what_nginx_and_prometheus_ask()
    {
        string[] silos = [.. SiloService().Matches(RepositoryFile.Read("docker-compose.yml")).Select(match => match.Groups[1].Value).Distinct()];
        Assert.Equal(["silo1", "silo2", "silo3"], silos);
        Assert.Equal(silos, SiloAddress().Matches(RepositoryFile.Read("deploy/nginx.conf")).Select(match => match.Groups[1].Value));
        Assert.Equal(silos, SiloAddress().Matches(RepositoryFile.Read("deploy/prometheus.yml")).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Files_that_compose_mounts_exist()
    {
        string[] mounted = [.. Mount().Matches(RepositoryFile.Read("docker-compose.yml")).Select(match => match.Groups[1].Value)];
        Assert.True(mounted.Length >= 4);
        Assert.All(mounted, path => Assert.True(RepositoryFile.Exists(path), $"{path} does not exist"));
    }

    private static IEnumerable<string> SamplesOf(MetricFamily family) => family.Kind switch
    {
        MetricKind.Counter => [family.Name + "_total"],
        MetricKind.Histogram => [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"],
        _ => [family.Name],
    };

    private static IEnumerable<string> AlertQueries() => Expression().Matches(RepositoryFile.Read(Alerts)).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> PanelQueries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(RepositoryFile.Read(Dashboard));
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row"))
        {
            foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
            {
                yield return target.GetProperty("expr").GetString() ?? "";
            }
        }
    }

    /// <summary>Names of metrics in a query: words with an underscore that are neither function, nor label, nor text.</summary>
    private static IEnumerable<string> MetricsOf(string query) =>
        Metric().Matches(Matcher().Replace(Grouping().Replace(query, " "), " ")).Select(match => match.Value).Where(word => word != "histogram_quantile");

    private static IEnumerable<string> LabelsOf(string query) =>
        Selector().Matches(query).Select(match => match.Groups[1].Value)
            .Concat(Grouping().Matches(query).SelectMany(match => match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (?:counter|gauge|histogram) \| ([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex DocumentedRow();

    [GeneratedRegex(@"[{,]\s*([a-z_]+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"^ +expr: (?:>-\n)?((?:.+)(?:\n {10,}.+)*)", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^### (\w+)", RegexOptions.Multiline)]
    private static partial Regex AlertHeading();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (?:counter|gauge|histogram)", RegexOptions.Multiline)]
    private static partial Regex DocumentedName();

    [GeneratedRegex(@"^  (silo\d):", RegexOptions.Multiline)]
    private static partial Regex SiloService();

    [GeneratedRegex(@"(silo\d):8080")]
    private static partial Regex SiloAddress();

    [GeneratedRegex(@"- \./(\S+?):/")]
    private static partial Regex Mount();

    [GeneratedRegex(@"\{[^{}]*\}|\[[^\]]*\]")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(by|on|without|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b[a-z]+(_[a-z]+)+\b")]
    private static partial Regex Metric();
}
