using System.Globalization;
using System.Text.Json;

namespace AIOrleans.Benchmarks.Results;

/// <summary>One measured number.</summary>
/// <param name="Name">Dotted: scenario, then what was varied, then target, then quantity.</param>
/// <param name="Value">Median of the rounds.</param>
/// <param name="Unit">Such as <c>ms</c>; empty for a ratio or a count.</param>
internal sealed record Figure(string Name, double Value, double Min, double Max, string Unit);

/// <summary>The figures of a run: printed as <c>name=value</c>, and kept as lines of JSON for the report. The newest of a name counts.</summary>
internal sealed class FigureBook(string folder, TextWriter output)
{
    private readonly string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "figures.jsonl");

    public void Add(string name, IEnumerable<double> rounds, string unit = "")
    {
        Spread spread = Spread.Of(rounds);
        var figure = new Figure(name, spread.Median, spread.Min, spread.Max, unit);
        File.AppendAllText(path, JsonSerializer.Serialize(figure) + "\n");
        output.WriteLine(Line(figure));
    }

    public void Add(string name, double value, string unit = "") => Add(name, [value], unit);

    /// <summary><c>name=value</c>, and in brackets how far the rounds lay apart.</summary>
    public static string Line(Figure figure) => string.Create(
        CultureInfo.InvariantCulture, $"{figure.Name}={figure.Value:0.####}{(figure.Unit.Length > 0 ? " " : "")}{figure.Unit}{(figure.Min < figure.Max ? $" [{figure.Min:0.####}..{figure.Max:0.####}]" : "")}");

    public static IReadOnlyDictionary<string, Figure> Read(string folder)
    {
        string file = Path.Combine(folder, "figures.jsonl");
        var read = new Dictionary<string, Figure>(StringComparer.Ordinal);
        foreach (string line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (JsonSerializer.Deserialize<Figure>(line) is { } figure)
            {
                read[figure.Name] = figure;
            }
        }

        return read;
    }
}
