using System.Globalization;
using System.Text;

namespace AIOrleans.Host.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4, or in OpenMetrics 1.0.</summary>
/// <remarks>Not thread-safe: each scrape has its own.</remarks>
// Source: https://prometheus.io/docs/instrumenting/exposition_formats and https://prometheus.io/docs/specs/om/open_metrics_spec.
internal sealed class PrometheusText(bool openMetrics)
{
    private readonly StringBuilder text = new(16 * 1024);

    /// <summary>What the text is, for <c>Content-Type</c>.</summary>
    public string ContentType => openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    public override string ToString() => text.ToString();

    /// <summary>Writes a family, or nothing when it has no value.</summary>
    public void Write(MetricFamily family)
    {
        bool isBegun = false;
        foreach ((string labels, MetricCell cell) in family.Series)
        {
            if (!isBegun)
            {
                WriteHead(family);
                isBegun = true;
            }

            if (family.Kind == MetricKind.Histogram)
            {
                WriteHistogram(family, labels, cell);
            }
            else
            {
                WriteSample(SampleOf(family), labels, Number(cell.Value));
            }
        }
    }

    public void WriteEnd()
    {
        if (openMetrics)
        {
            text.Append("# EOF\n");
        }
    }

    private static string SampleOf(MetricFamily family) => family.Kind == MetricKind.Counter ? family.Name + "_total" : family.Name;

    private void WriteHead(MetricFamily family)
    {
        // OpenMetrics names the family of a counter without the suffix of its sample.
        string name = openMetrics ? family.Name : SampleOf(family);
        string type = family.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" };
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        if (openMetrics && family.Unit.Length > 0 && name.EndsWith('_' + family.Unit, StringComparison.Ordinal))
        {
            text.Append("# UNIT ").Append(name).Append(' ').Append(family.Unit).Append('\n');
        }

        if (family.Help.Length > 0)
        {
            string help = family.Help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
            text.Append("# HELP ").Append(name).Append(' ').Append(openMetrics ? help.Replace("\"", "\\\"", StringComparison.Ordinal) : help).Append('\n');
        }
    }

    private void WriteHistogram(MetricFamily family, string labels, MetricCell cell)
    {
        long[] counts = cell.ReadCounts();
        string before = labels.Length == 0 ? "" : labels + ",";
        long sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            string bound = i == family.Bounds.Length ? "+Inf" : Bound(family.Bounds[i]);
            WriteSample(family.Name + "_bucket", $"{before}le=\"{bound}\"", sum.ToString(CultureInfo.InvariantCulture));
        }

        WriteSample(family.Name + "_sum", labels, Number(cell.Value));
        WriteSample(family.Name + "_count", labels, sum.ToString(CultureInfo.InvariantCulture));
    }

    private void WriteSample(string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    /// <summary>OpenMetrics wants bounds to be floats to the eye too.</summary>
    private string Bound(double value)
    {
        string number = Number(value);
        return openMetrics && number.All(c => char.IsAsciiDigit(c) || c == '-') ? number + ".0" : number;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
