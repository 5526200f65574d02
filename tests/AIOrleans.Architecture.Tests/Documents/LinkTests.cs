using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;

namespace AIOrleans.Architecture.Tests.Documents;

/// <summary>A document that points somewhere points at something.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_resolves() =>
        Findings.AssertNone(Repository.FilesBelow(".", "*.md").SelectMany(path => Dead(path, Repository.Read(path), Repository.Exists, Repository.Read)));

    [Theory]
    [InlineData("[a](missing.md)", "missing.md does not exist")]
    [InlineData("![a](../img.png)", "../img.png does not exist")]
    [InlineData("[a](there.md#nothing)", "#nothing is no heading of docs/there.md")]
    [InlineData("[a](#nothing)", "#nothing is no heading of docs/a.md")]
    [InlineData("[a]: missing.md", "missing.md does not exist")]
    public void Catches_a_dead_link(string text, string message) => Assert.Contains(message, Assert.Single(DeadIn(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("# Here\n[a](there.md) [b](there.md#two-words-and-code) [c](https://example.org/x) [d](#here) [e](mailto:a@example.org)")]
    [InlineData("```\n[a](missing.md)\n```\n`[b](missing.md)`")]
    [InlineData("[a](/docs/there.md)")]
    public void Lets_live_links_and_code_through(string text) => Assert.Empty(DeadIn(text));

    private static IReadOnlyList<Finding> DeadIn(string text) =>
        [.. Dead("docs/a.md", text, path => path is "docs/there.md" or "docs/a.md", path => path == "docs/a.md" ? text : "# Two words, and `code`")];

    private static IEnumerable<Finding> Dead(string path, string text, Func<string, bool> exists, Func<string, string> read)
    {
        string[] lines = WithoutCode(text).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (string link in Link().Matches(lines[i]).Concat(Definition().Matches(lines[i])).Select(match => match.Groups[1].Value)
                .Where(link => !Scheme().IsMatch(link)))
            {
                string[] parts = link.Split('#', 2);
                string target = parts[0].Length == 0 ? path : Resolve(path, Uri.UnescapeDataString(parts[0]));
                if (!exists(target))
                {
                    yield return new Finding(path, i + 1, $"{parts[0]} does not exist");
                }
                else if (parts.Length == 2 && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(read(target)).Contains(parts[1]))
                {
                    yield return new Finding(path, i + 1, $"#{parts[1]} is no heading of {target}");
                }
            }
        }
    }

    private static string Resolve(string from, string link)
    {
        string joined = link.StartsWith('/') ? link[1..] : Path.Combine(Path.GetDirectoryName(from) ?? "", link);
        return Path.GetRelativePath(Repository.Root, Path.GetFullPath(joined, Repository.Root)).Replace('\\', '/');
    }

    /// <summary>Headings as the usual renderers name them: lower case, punctuation gone, spaces as dashes.</summary>
    private static HashSet<string> Anchors(string text) =>
        Heading().Matches(text).Select(match =>
            Punctuation().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);

    /// <summary>Blanks code, keeping the lines.</summary>
    private static string WithoutCode(string text) =>
        InlineCode().Replace(Fence().Replace(text.ReplaceLineEndings("\n"), match => new string('\n', match.Value.Count(c => c == '\n'))), "");

    [GeneratedRegex(@"\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\[[^\]]+\]:\s+(\S+)")]
    private static partial Regex Definition();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#+\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();
}
