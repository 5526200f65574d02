using System.Text;

namespace AIOrleans.Host.Metrics;

/// <summary>Names of instruments, units and tags as Prometheus spells them.</summary>
// Source: OpenTelemetry specification, compatibility with Prometheus and OpenMetrics.
internal static class MetricName
{
    /// <summary>The name of a family: dots become underscores, and the unit stands last. Without <c>_total</c>.</summary>
    /// <param name="unit">In UCUM; null or an annotation such as <c>{request}</c>: none.</param>
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        string name = Sanitized(instrument, colons: true);
        string word = UnitOf(unit, kind);
        if (kind == MetricKind.Counter && name.EndsWith("_total", StringComparison.Ordinal))
        {
            name = name[..^"_total".Length];
        }

        return word.Length == 0 || name.EndsWith('_' + word, StringComparison.Ordinal) ? name : $"{name}_{word}";
    }

    /// <summary>A label's name: letters, digits and underscores, and no digit first.</summary>
    public static string OfLabel(string tag) => Sanitized(tag, colons: false);

    /// <summary>A unit as a word; empty where there is none to tell.</summary>
    public static string UnitOf(string? unit, MetricKind kind)
    {
        if (string.IsNullOrEmpty(unit) || (unit[0] == '{' && unit[^1] == '}'))
        {
            return "";
        }

        int slash = unit.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            string over = UnitOf(unit[..slash], kind);
            string under = unit[(slash + 1)..] switch { "s" => "second", "m" => "minute", "h" => "hour", var other => Sanitized(other, colons: false) };
            return over.Length == 0 ? $"per_{under}" : $"{over}_per_{under}";
        }

        return unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "%" => "percent",
            "Cel" => "celsius",
            "1" => kind == MetricKind.Gauge ? "ratio" : "",
            _ => Sanitized(unit, colons: false),
        };
    }

    private static string Sanitized(string text, bool colons)
    {
        var name = new StringBuilder(text.Length + 1);
        foreach (char c in text)
        {
            bool fits = char.IsAsciiLetterOrDigit(c) || (c == ':' && colons);
            if (fits && name.Length == 0 && char.IsAsciiDigit(c))
            {
                name.Append('_');
            }

            if (fits)
            {
                name.Append(c);
            }
            else if (name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.Length == 0 ? "_" : name.ToString();
    }
}
