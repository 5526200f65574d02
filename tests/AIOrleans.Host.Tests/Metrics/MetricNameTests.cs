using AIOrleans.Host.Metrics;

namespace AIOrleans.Host.Tests.Metrics;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("aiorleans.request.duration", "s", "Histogram", "aiorleans_request_duration_seconds")]
    [InlineData("aiorleans.requests", "{request}", "Counter", "aiorleans_requests")]
    [InlineData("already.total", null, "Counter", "already")]
    [InlineData("already.total", null, "Gauge", "already_total")]
    [InlineData("memory.bytes", "By", "Gauge", "memory_bytes")]
    [InlineData("used", "1", "Gauge", "used_ratio")]
    [InlineData("used", "1", "Counter", "used")]
    [InlineData("speed", "By/s", "Gauge", "speed_bytes_per_second")]
    [InlineData("calls", "{call}/s", "Gauge", "calls_per_second")]
    [InlineData("9-lives..left", "", "Gauge", "_9_lives_left")]
    public void Is_what_prometheus_expects(string instrument, string? unit, string kind, string name) =>
        Assert.Equal(name, MetricName.Of(instrument, unit, Enum.Parse<MetricKind>(kind)));

    [Theory]
    [InlineData("gen_ai.request.model", "gen_ai_request_model")]
    [InlineData("a:b", "a_b")]
    [InlineData("1st", "_1st")]
    [InlineData("", "_")]
    public void Labels_are_words(string tag, string label) => Assert.Equal(label, MetricName.OfLabel(tag));
}
