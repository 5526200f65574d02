namespace AIOrleans.Protocols.Tests.Translation;

public sealed class CompatibilityTableTests
{
    [Fact]
    public void Readme_and_the_matrix_agree()
    {
        string folder = MatrixTests.SourceFolder();
        string path = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "..", "README.md"));
        string readme = File.ReadAllText(path);
        int begin = readme.IndexOf(CompatibilityTable.Begin, StringComparison.Ordinal) + CompatibilityTable.Begin.Length;
        int end = readme.IndexOf(CompatibilityTable.End, StringComparison.Ordinal);
        Assert.True(begin > CompatibilityTable.Begin.Length && end > begin, "README.md lacks the marks of the table.");
        string table = CompatibilityTable.Of(folder);
        if (Environment.GetEnvironmentVariable("GOLDEN_WRITE") == "1")
        {
            File.WriteAllText(path, readme[..begin] + table + readme[end..]);
            return;
        }

        Assert.Equal(table, readme[begin..end]);
    }
}
