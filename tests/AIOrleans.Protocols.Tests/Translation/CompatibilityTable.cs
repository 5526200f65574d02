using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>The README's table of what crosses from which protocol to which, made of the request cases that at least two clients have and that are not made to fail.</summary>
internal static class CompatibilityTable
{
    public const string Begin = "<!-- compatibility: written by GOLDEN_WRITE=1 dotnet test tests/AIOrleans.Protocols.Tests -->";

    public const string End = "<!-- /compatibility -->";

    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["openai"] = "OpenAI", ["anthropic"] = "Anthropic", ["gemini"] = "Gemini", ["responses"] = "Responses", ["bedrock"] = "Bedrock",
    };

    /// <summary>The text between the two marks.</summary>
    public static string Of(string folder)
    {
        MatrixCase[] cases = [.. MatrixCase.All(folder).Where(one => one.Kind == "requests" && Titles.ContainsKey(one.From))];
        (string From, string To)[] pairs = [.. from one in Titles.Keys from to in Titles.Keys where RequestTranslator.CanTranslate(MatrixCase.Formats[one], MatrixCase.Formats[to]) select (one, to)];
        StringBuilder table = new("\n| client → provider |");
        table.AppendJoin(" |", pairs.Select(pair => $" {Titles[pair.From]} → {Titles[pair.To]}")).Append(" |\n|---|");
        table.AppendJoin("|", pairs.Select(_ => "---")).Append("|\n");
        foreach (IGrouping<string, MatrixCase> row in cases.GroupBy(one => one.Name).Where(row => row.DistinctBy(one => one.From).Count() > 1 && !row.Key.StartsWith("un", StringComparison.Ordinal))
            .OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            table.Append($"| {row.Key} | ");
            table.AppendJoin(" | ", pairs.Select(pair => Mark(folder, row.FirstOrDefault(one => one.From == pair.From && one.To == pair.To)))).Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>What became of a case; a dash where the client's protocol cannot even ask.</summary>
    private static string Mark(string folder, MatrixCase? one)
    {
        if (one is null)
        {
            return "–";
        }

        using JsonDocument result = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, one.Expected)));
        return result.RootElement.TryGetProperty("status", out _) ? "400"
            : result.RootElement.GetProperty("omitted").GetArrayLength() > 0 ? "✓ less"
            : "✓";
    }
}
