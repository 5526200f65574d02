using System.Globalization;
using System.Text;

namespace AIOrleans.Host.Metrics;

/// <summary>Label sets as both text formats write them.</summary>
internal static class MetricLabels
{
    /// <summary>Characters of one value: names of models and errors are far shorter.</summary>
    private const int ValueCharsMax = 256;

    /// <summary><c>a="1",b="2"</c>, sorted by name, escaped; empty for no tags. Of two tags that get one name the first counts: a label twice would spoil the scrape.</summary>
    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string tag, object? value) in tags)
        {
            labels.TryAdd(MetricName.OfLabel(tag), TextOf(value));
        }

        var text = new StringBuilder();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, value);
            text.Append('"');
        }

        return text.ToString();
    }

    private static string TextOf(object? value)
    {
        string text = value switch
        {
            null => "",
            string words => words,
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length <= ValueCharsMax ? text : text[..ValueCharsMax];
    }

    // Source: Prometheus exposition formats, text format 0.0.4, and OpenMetrics 1.0: the same three.
    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }
    }
}
