using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;

namespace AIOrleans.Architecture.Tests.Documents;

/// <summary>Decisions are numbered without a gap, listed, and say what was rejected and why.</summary>
public sealed partial class DecisionTests
{
    private const string Folder = "docs/adr";

    private static readonly string[] Sections = ["## Context", "## Decision", "## Rejected", "## Consequences"];

    [Fact]
    public void Every_decision_is_named_listed_and_whole()
    {
        Dictionary<string, string> files = Repository.FilesBelow(Folder, "*").ToDictionary(path => path[(Folder.Length + 1)..], Repository.Read);
        Assert.NotEmpty(files);
        Findings.AssertNone(Faults(files));
    }

    [Theory]
    [InlineData("0001-Two_Editions.md", "NNNN-title.md")]
    [InlineData("notes.txt", "NNNN-title.md")]
    [InlineData("0003-c.md", "0002 is missing")]
    [InlineData("0001-b.md", "0001 comes twice")]
    public void Catches_a_misnamed_decision(string name, string message)
    {
        string body = string.Join("\n", Sections);
        Finding fault = Assert.Single(Faults(new() { ["README.md"] = $"[a](0001-a.md) [b]({name})", ["0001-a.md"] = body, [name] = body }));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catches_an_unlisted_decision_and_a_missing_section()
    {
        Finding[] faults = [.. Faults(new() { ["README.md"] = "", ["0001-a.md"] = "## Context\n## Decision\n## Consequences" })];
        Assert.Equal(["0001-a.md is not listed", "no '## Rejected'"], faults.Select(fault => fault.Message).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Finding> Faults(Dictionary<string, string> files)
    {
        string index = files.GetValueOrDefault("README.md", "");
        int expected = 1;
        foreach ((string name, string text) in files.Where(file => file.Key != "README.md").OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (!DecisionName().IsMatch(name))
            {
                yield return new Finding($"{Folder}/{name}", 1, "decisions are called NNNN-title.md, lower case with dashes");
                continue;
            }

            int number = int.Parse(name.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture);
            if (number != expected)
            {
                yield return new Finding($"{Folder}/{name}", 1, number > expected ? $"{expected:0000} is missing" : $"{number:0000} comes twice");
            }

            expected = number + 1;
            if (!index.Contains($"({name})", StringComparison.Ordinal))
            {
                yield return new Finding($"{Folder}/README.md", 1, $"{name} is not listed");
            }

            foreach (string section in Sections.Where(section => !text.Contains(section, StringComparison.Ordinal)))
            {
                yield return new Finding($"{Folder}/{name}", 1, $"no '{section}'");
            }
        }
    }

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();
}
