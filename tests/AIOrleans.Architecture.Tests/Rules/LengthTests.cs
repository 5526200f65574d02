using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

public sealed class LengthTests
{
    /// <summary>Lines of a file: nobody reads more at once.</summary>
    private const int FileLinesMax = 400;

    /// <summary>Lines above which a file must be on the reviewed list.</summary>
    private const int FileLinesReviewed = 250;

    /// <summary>Lines of a method, from its signature to its last brace.</summary>
    private const int MethodLinesMax = 70;

    /// <summary>Lines of a file with a grain: one screen.</summary>
    private const int GrainLinesMax = 150;

    [Fact]
    public void No_file_is_longer_than_400_lines() => Findings.AssertNone(Repository.Everything.SelectMany(file => TooLong(file, FileLinesMax)));

    [Fact]
    public void No_grain_is_longer_than_a_screen() =>
        Findings.AssertNone(Repository.OwnProduct.Where(HasGrain).SelectMany(file => TooLong(file, GrainLinesMax)));

    [Fact]
    public void Files_over_250_lines_are_on_the_reviewed_list()
    {
        string path = $"{Ratchet.Directory}/files-for-review.txt";
        IReadOnlyList<string> differences = ReviewDifferences(Repository.Everything, Repository.Read(path));
        Assert.True(differences.Count == 0, $"{path}:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void Methods_over_70_lines_only_become_fewer_and_shorter() =>
        Ratchet.AssertHolds("long-methods.txt", LongMethods(Repository.Everything));

    [Fact]
    public void Catches_a_long_file()
    {
        Assert.Empty(Findings.Of(file => TooLong(file, 3), "a\nb\nc\n"));
        Assert.Contains("4 lines, at most 3", Assert.Single(Findings.Of(file => TooLong(file, 3), "a\nb\nc\nd\n")));
    }

    [Fact]
    public void Catches_a_long_file_that_nobody_reviewed_and_a_review_that_is_over()
    {
        SourceFile[] files = [Sample("src/A/Long.cs", 251), Sample("src/A/Short.cs", 250)];
        Assert.Empty(ReviewDifferences(files, "src/A/Long.cs | one table"));
        Assert.Contains("src/A/Long.cs: 251 lines", Assert.Single(ReviewDifferences(files, "")));
        Assert.Contains("src/A/Short.cs: take it off", Assert.Single(ReviewDifferences(files, "src/A/Long.cs | one table\nsrc/A/Short.cs | was long")));
    }

    [Theory]
    [InlineData("void M()\n{\n#BODY#}", "C.M")]
    [InlineData("int P\n{\nget\n{\n#BODY#return 0;\n}\n}", "C.P")]
    [InlineData("C()\n{\n#BODY#}", "C.C")]
    [InlineData("int M() =>\n#CALLS#0;", "C.M")]
    public void Measures_members_by_their_own_lines(string member, string name)
    {
        string text = "class C\n{\n" + member
            .Replace("#BODY#", string.Concat(Enumerable.Repeat("// { a brace in a comment\n", MethodLinesMax)), StringComparison.Ordinal)
            .Replace("#CALLS#", string.Concat(Enumerable.Repeat("1 +\n", MethodLinesMax)), StringComparison.Ordinal) + "\n}\n";
        KeyValuePair<string, int> found = Assert.Single(LongMethods([SourceFile.Parse("src/A/C.cs", text)]));
        Assert.Equal($"src/A/C.cs {name}", found.Key);
        Assert.True(found.Value > MethodLinesMax);
    }

    [Fact]
    public void Does_not_count_documentation_and_attributes_as_method() =>
        Assert.Empty(LongMethods(
            [SourceFile.Parse("src/A/C.cs", "class C\n{\n" + string.Concat(Enumerable.Repeat("/// text\n", 100)) + "[Fact]\nvoid M() { }\n}")]));

    [Fact]
    public void Measures_top_level_statements_as_a_method() =>
        Assert.Equal(
            "src/A/Program.cs top-level",
            Assert.Single(LongMethods([SourceFile.Parse("src/A/Program.cs", string.Concat(Enumerable.Repeat("Go();\n", MethodLinesMax + 1)))])).Key);

    [Fact]
    public void Adds_up_nothing_for_overloads_but_names_each_with_its_size()
    {
        string body = string.Concat(Enumerable.Repeat("// line\n", MethodLinesMax));
        IReadOnlyDictionary<string, int> found = LongMethods([SourceFile.Parse("src/A/C.cs",
            $"class C\n{{\nvoid M()\n{{\n{body}}}\nvoid M(int x)\n{{\n{body}}}\n}}")]);
        Assert.Equal(["src/A/C.cs C.M", "src/A/C.cs C.M(2)"], found.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Knows_a_grain_by_its_base_class()
    {
        Assert.True(HasGrain(SourceFile.Parse("a.cs", "class A(TimeProvider t) : Grain, IA;")));
        Assert.False(HasGrain(SourceFile.Parse("a.cs", "class A : IA;")));
    }

    private static SourceFile Sample(string path, int lines) => SourceFile.Parse(path, string.Concat(Enumerable.Repeat("// line\n", lines)));

    private static IEnumerable<Finding> TooLong(SourceFile file, int linesMax)
    {
        if (file.Lines.Count > linesMax)
        {
            yield return new Finding(file.Path, 1, $"{file.Lines.Count} lines, at most {linesMax}; split it by subject");
        }
    }

    private static List<string> ReviewDifferences(IEnumerable<SourceFile> files, string list)
    {
        string[] lines = [.. list.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        HashSet<string> listed = [.. lines.Where(line => line.Contains(" | ", StringComparison.Ordinal)).Select(line => line.Split(" | ")[0])];
        Dictionary<string, int> actual = files.Where(file => file.Lines.Count > FileLinesReviewed).ToDictionary(file => file.Path, file => file.Lines.Count);
        return
        [
            .. actual.Where(file => !listed.Contains(file.Key))
                .Select(file => $"{file.Key}: {file.Value} lines; split it, or list it here with ' | ' and why it is one subject"),
            .. listed.Where(path => !actual.ContainsKey(path)).Select(path => $"{path}: take it off the list, it is within {FileLinesReviewed} lines"),
        ];
    }

    internal static bool HasGrain(SourceFile file) =>
        file.Nodes<ClassDeclarationSyntax>().Any(type => type.BaseList?.Types.Any(parent => parent.Type.ToString() is "Grain" or "Orleans.Grain") == true);

    private static Dictionary<string, int> LongMethods(IEnumerable<SourceFile> files)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SourceFile file in files)
        {
            // Both editions of a file name the same members; the second comes again under the same position.
            foreach (IGrouping<string, (string Name, int Lines)> group in Members(file).Where(member => member.Lines > MethodLinesMax)
                .DistinctBy(member => (member.Name, member.Start)).Select(member => (member.Name, member.Lines))
                    .GroupBy(member => member.Name, StringComparer.Ordinal))
            {
                int number = 0;
                foreach ((string name, int lines) in group)
                {
                    number++;
                    found.Add(number == 1 ? $"{file.Path} {name}" : $"{file.Path} {name}({number})", lines);
                }
            }
        }

        return found;
    }

    private static IEnumerable<(string Name, int Lines, int Start)> Members(SourceFile file)
    {
        foreach (BaseMethodDeclarationSyntax method in file.Nodes<BaseMethodDeclarationSyntax>())
        {
            yield return Measure(method, method switch
            {
                MethodDeclarationSyntax named => named.Identifier.Text,
                ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
                OperatorDeclarationSyntax sign => "operator" + sign.OperatorToken.Text,
                _ => method.Kind().ToString(),
            });
        }

        foreach (BasePropertyDeclarationSyntax property in file.Nodes<BasePropertyDeclarationSyntax>())
        {
            yield return Measure(property, property is PropertyDeclarationSyntax named ? named.Identifier.Text : "this");
        }

        foreach (CompilationUnitSyntax unit in file.Roots.OfType<CompilationUnitSyntax>())
        {
            GlobalStatementSyntax[] statements = [.. unit.Members.OfType<GlobalStatementSyntax>()];
            if (statements.Length > 0)
            {
                int first = SourceFile.LineOf(statements[0].GetLocation());
                int last = statements[^1].GetLocation().GetLineSpan().EndLinePosition.Line + 1;
                yield return ("top-level", last - first + 1, first);
            }
        }
    }

    private static (string Name, int Lines, int Start) Measure(MemberDeclarationSyntax member, string name)
    {
        SyntaxToken first = member.AttributeLists.Count == 0 ? member.GetFirstToken() : member.AttributeLists[^1].GetLastToken().GetNextToken();
        int start = SourceFile.LineOf(first.GetLocation());
        int end = member.GetLocation().GetLineSpan().EndLinePosition.Line + 1;
        string type = string.Join('.', member.Ancestors().OfType<BaseTypeDeclarationSyntax>().Reverse().Select(parent => parent.Identifier.Text));
        return ($"{type}.{name}", end - start + 1, start);
    }
}
