using System.Globalization;
using System.Text;
using AIOrleans.Benchmarks.Results;

namespace AIOrleans.Benchmarks.Report;

/// <summary>Writes docs/benchmarks.md and its charts from the newest figures: between its marks; the text around them is written by people.</summary>
internal static class BenchmarkReport
{
    private const string Begin = "<!-- figures: written by `report` -->";
    private const string End = "<!-- /figures -->";

    private static readonly (string File, string Title, string Unit, string Prefix, string Suffix)[] Charts =
    [
        ("saturation", "Requests per second, 32 connections, 1 kB", "/s", "saturation.", ".rate"),
        ("cpu", "Processor time of one call", "µs", "saturation.", ".cpu_per_call"),
        ("alone", "One connection, median", "ms", "alone.", ".p50"),
        ("connections", "AIOrleans strict: requests per second by connections", "/s", "connections.", ".strict.rate"),
        ("steps", "Steps of one call, strict, one connection, median", "µs", "profile.strict.1.", ".p50"),
        ("accounts", "Memory by accounts in the directory", "MiB", "accounts.", ".memory"),
        ("silos", "Cluster edition: requests per second by silos of one machine", "/s", "silos.", ".rate"),
        ("open-streams", "Peak memory by concurrent streams", "MiB", "open_streams.", ".peak_memory"),
    ];

    /// <summary>Prints every goal as <c>name=value</c> too.</summary>
    /// <exception cref="InvalidOperationException">Nothing was measured yet, or this is not the root of the repository.</exception>
    public static void Write(string results, TextWriter output)
    {
        IReadOnlyDictionary<string, Figure> figures = FigureBook.Read(results);
        string path = Path.Combine("docs", "benchmarks.md");
        if (figures.Count == 0 || !File.Exists(path))
        {
            throw new InvalidOperationException($"There are no figures in {results}, or no {path}: run `load` first, in the root of the repository.");
        }

        string folder = Directory.CreateDirectory(Path.Combine("docs", "benchmarks")).FullName;
        var text = new StringBuilder();
        string machine = Path.Combine(results, "machine.txt");
        foreach (string line in File.Exists(machine) ? File.ReadAllLines(machine) : [])
        {
            text.Append("- ").Append(line).Append('\n');
        }

        WriteGoals(text, figures, output);
        WriteCharts(text, figures, folder);
        WriteTables(text, figures);
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(path, $"{page[..begin]}\n\n{text}\n{page[end..]}");
    }

    private static void WriteGoals(StringBuilder text, IReadOnlyDictionary<string, Figure> figures, TextWriter output)
    {
        text.Append("\n### Must reach\n\n| what | bar | measured | |\n|---|---|---|---|\n");
        foreach (Goal goal in Goal.All)
        {
            output.WriteLine(figures.TryGetValue(goal.Figure, out Figure? figure) ? FigureBook.Line(figure) : $"{goal.Figure}=");
            foreach (Figure beside in goal.Beside.Select(one => figures.GetValueOrDefault(one.Figure)).OfType<Figure>())
            {
                output.WriteLine(FigureBook.Line(beside));
            }

            text.Append(GoalRow(goal, figures)).Append('\n');
        }
    }

    /// <summary>A goal, what was measured, what stands beside it, and whether it is reached, as a row of the table.</summary>
    internal static string GoalRow(Goal goal, IReadOnlyDictionary<string, Figure> figures)
    {
        string bar = string.Create(CultureInfo.InvariantCulture, $"{(goal.IsLeast ? "at least" : "at most")} {goal.Bar:0.##}");
        if (!figures.TryGetValue(goal.Figure, out Figure? figure))
        {
            return $"| {goal.What} | {bar} | not measured | |";
        }

        string beside = string.Concat(goal.Beside.Where(one => figures.ContainsKey(one.Figure)).Select(one => $"; {one.What}: {Told(figures[one.Figure])}"));
        return $"| {goal.What} | {bar} {figure.Unit} | {Told(figure)}{beside} | {(goal.IsReachedBy(figure) ? "reached" : "**missed**")} |";
    }

    private static void WriteCharts(StringBuilder text, IReadOnlyDictionary<string, Figure> figures, string folder)
    {
        foreach ((string file, string title, string unit, string prefix, string suffix) in Charts)
        {
            Bar[] bars = [.. figures.Values.Where(figure => figure.Name.StartsWith(prefix, StringComparison.Ordinal) && figure.Name.EndsWith(suffix, StringComparison.Ordinal))
                .Select(figure => new Bar(figure.Name[prefix.Length..^suffix.Length], figure.Value, figure.Min, figure.Max))
                .Where(bar => !bar.Label.Contains('.', StringComparison.Ordinal))
                .OrderBy(bar => long.TryParse(bar.Label, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0)];
            if (bars.Length > 0)
            {
                File.WriteAllText(Path.Combine(folder, $"{file}.svg"), BarChart.Draw(title, unit, bars));
                text.Append(CultureInfo.InvariantCulture, $"\n![{title}](benchmarks/{file}.svg)\n");
            }
        }
    }

    /// <summary>One table a scenario: its rows are what was varied, its columns the quantities.</summary>
    private static void WriteTables(StringBuilder text, IReadOnlyDictionary<string, Figure> figures)
    {
        foreach (IGrouping<string, Figure> scenario in figures.Values.GroupBy(figure => figure.Name.Split('.')[0]).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string[] columns = [.. scenario.Select(figure => figure.Name.Split('.')[^1]).Distinct()];
            text.Append(CultureInfo.InvariantCulture, $"\n### {scenario.Key}\n\n| | {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Select(_ => "---|"))}\n");
            foreach (string row in scenario.Select(RowOf).Distinct())
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row} |");
                foreach (string column in columns)
                {
                    text.Append(scenario.FirstOrDefault(figure => RowOf(figure) == row && figure.Name.Split('.')[^1] == column) is { } figure ? $" {Told(figure)} |" : " |");
                }

                text.Append('\n');
            }
        }
    }

    private static string RowOf(Figure figure) => string.Join(' ', figure.Name.Split('.')[1..^1]);

    private static string Told(Figure figure)
    {
        string format = Math.Abs(figure.Value) >= 100 ? "#,0" : Math.Abs(figure.Value) >= 10 ? "0.#" : "0.##";
        string spread = figure.Min < figure.Max
            ? $" ({figure.Min.ToString(format, CultureInfo.InvariantCulture)} to {figure.Max.ToString(format, CultureInfo.InvariantCulture)})"
            : "";
        return $"{figure.Value.ToString(format, CultureInfo.InvariantCulture)}{(figure.Unit.Length > 0 ? " " : "")}{figure.Unit}{spread}";
    }
}
