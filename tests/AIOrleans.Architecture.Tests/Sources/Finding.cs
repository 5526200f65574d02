namespace AIOrleans.Architecture.Tests.Sources;

/// <summary>One place that breaks a rule.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}

internal static class Findings
{
    /// <summary>Fails with every finding, one per line, so that all can be mended at once.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        string[] lines = [.. findings.Distinct().OrderBy(finding => finding.Path, StringComparer.Ordinal).ThenBy(finding => finding.Line)
            .Select(f => f.ToString())];
        Assert.True(lines.Length == 0, $"{lines.Length} finding(s):\n" + string.Join('\n', lines));
    }

    /// <summary>What <paramref name="rule"/> finds in one file that looks like <paramref name="text"/>: how a rule shows that it can fail.</summary>
    public static IReadOnlyList<string> Of(Func<SourceFile, IEnumerable<Finding>> rule, string text, string path = "src/AIOrleans.Core/Sample.cs") =>
        [.. rule(SourceFile.Parse(path, text)).Distinct().Select(finding => $"{finding.Line}: {finding.Message}")];
}
