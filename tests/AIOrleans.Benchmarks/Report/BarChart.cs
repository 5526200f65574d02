using System.Globalization;
using System.Net;
using System.Text;

namespace AIOrleans.Benchmarks.Report;

/// <summary>Draws bars with their spread as an SVG file that needs nothing else, on light and dark pages.</summary>
internal static class BarChart
{
    private const int Width = 760;
    private const int RowHeight = 26;
    private const int LabelWidth = 230;
    private const int ValueWidth = 150;
    private const int Top = 40;

    public static string Draw(string title, string unit, IReadOnlyList<Bar> bars)
    {
        double longest = Math.Max(1e-9, bars.Max(bar => bar.Max));
        double scale = (Width - LabelWidth - ValueWidth) / longest;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Top + (bars.Count * RowHeight) + 10}" font-family="sans-serif" font-size="13" fill="#7d8590">
            <text x="8" y="22" font-size="15" font-weight="bold">{WebUtility.HtmlEncode(title)}</text>

            """);
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            int y = Top + (i * RowHeight);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <text x="{LabelWidth - 8}" y="{y + 16}" text-anchor="end">{WebUtility.HtmlEncode(bar.Label)}</text>
                <rect x="{LabelWidth}" y="{y + 4}" width="{bar.Value * scale:0.#}" height="16" rx="2" fill="#3b82f6"/>
                <path d="M{LabelWidth + (bar.Min * scale):0.#} {y + 12}H{LabelWidth + (bar.Max * scale):0.#}" stroke="#1e3a8a" stroke-width="2"/>
                <text x="{LabelWidth + (bar.Max * scale) + 6:0.#}" y="{y + 16}">{bar.Value:#,0.##} {WebUtility.HtmlEncode(unit)}</text>

                """);
        }

        return svg.Append("</svg>\n").ToString();
    }
}

/// <summary>One bar, and how far its rounds lay apart.</summary>
internal sealed record Bar(string Label, double Value, double Min, double Max);
