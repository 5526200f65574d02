using System.Runtime.CompilerServices;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>
/// Every file of <c>Golden/matrix</c>, <c>&lt;client&gt;/requests/&lt;case&gt;.json</c> and <c>&lt;provider&gt;/answers</c> or <c>streams</c>, with what the other protocols
/// get beside it: the list of files is the compatibility matrix. <c>GOLDEN_WRITE=1 dotnet test</c> writes them anew; a changed one needs a commit that says why.
/// </summary>
public sealed class MatrixTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "matrix");

    public static TheoryData<string> Cases => [.. MatrixCase.All(Folder).Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_translated_as_before(string shown)
    {
        MatrixCase one = MatrixCase.All(Folder).Single(candidate => candidate.ToString() == shown);
        string translated = one.Translate(File.ReadAllBytes(Path.Combine(Folder, one.Source)));
        if (Environment.GetEnvironmentVariable("GOLDEN_WRITE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), one.Expected), translated);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(Folder, one.Expected)), translated);
    }

    [Fact]
    public void Holds_no_file_that_nothing_is_compared_with()
    {
        HashSet<string> known = [.. MatrixCase.All(Folder).SelectMany(one => new[] { one.Source, one.Expected })];
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)), path => !known.Contains(path));
    }

    internal static string SourceFolder([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source) ?? "", "..", "Golden", "matrix"));
}
