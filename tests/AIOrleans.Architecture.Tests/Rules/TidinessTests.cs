using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

public sealed partial class TidinessTests
{
    /// <summary>Words that say nothing about what a type is.</summary>
    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base",
        "Impl", "Data", "Info"];

    [Fact]
    public void No_file_hides_code_in_regions() => Findings.AssertNone(Repository.Everything.SelectMany(Regions));

    [Fact]
    public void Every_open_end_names_its_issue() => Findings.AssertNone(Repository.Everything.SelectMany(OpenEnds));

    [Fact]
    public void Type_names_say_what_a_type_is() => Findings.AssertNone(Repository.Everything.SelectMany(EmptyNames));

    [Fact]
    public void Catches_a_region() => Assert.Single(Findings.Of(Regions, "class C\n{\n#region Fields\n#endregion\n}"));

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("/* FIXME */")]
    [InlineData("class C { int x; // HACK: for now\n}")]
    public void Catches_an_open_end(string text) => Assert.Single(Findings.Of(OpenEnds, text));

    [Theory]
    [InlineData("// TODO(#12): later")]
    [InlineData("class C { string TODO = \"TODO\"; }")]
    [InlineData("// the todos of a user")]
    public void Lets_through(string text) => Assert.Empty(Findings.Of(OpenEnds, text));

    [Theory]
    [InlineData("class KeyManager;")]
    [InlineData("struct UsageData;")]
    [InlineData("record KeyInfo(int A);")]
    [InlineData("interface IThingHelper;")]
    [InlineData("enum Common { A }")]
    [InlineData("abstract class GrainBase;")]
    [InlineData("delegate void RunUtil();")]
    public void Catches_an_empty_name(string text) => Assert.Single(Findings.Of(EmptyNames, text));

    [Theory]
    [InlineData("class Database;")]
    [InlineData("class DataPlane;")]
    [InlineData("class Metadata;")]
    public void Lets_names_through_that_mean_something(string text) => Assert.Empty(Findings.Of(EmptyNames, text));

    [Fact]
    public void Lets_stand_ins_keep_the_names_that_their_package_gave()
    {
        Assert.Empty(Findings.Of(EmptyNames, "public class GrainBase;", "src/Compat/Orleans/GrainBase.cs"));
        Assert.Single(Findings.Of(EmptyNames, "internal class TurnManager;", "src/Compat/Orleans/TurnManager.cs"));
    }

    private static IEnumerable<Finding> Regions(SourceFile file) =>
        file.Roots.SelectMany(root => root.DescendantTrivia(descendIntoTrivia: true)).Where(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
            .Select(trivia => file.At(trivia, "#region: split the file instead"));

    private static IEnumerable<Finding> OpenEnds(SourceFile file) =>
        file.Comments().Where(comment => OpenEnd().IsMatch(comment.ToFullString()) && !IssueNumber().IsMatch(comment.ToFullString()))
            .Select(comment => file.At(comment, "an open end without its issue number: write 'TODO(#12): …' or do it"));

    private static IEnumerable<Finding> EmptyNames(SourceFile file) =>
        file.Nodes<MemberDeclarationSyntax>().Where(member => !IsNamedByPackage(file, member)).Select(NameOf).OfType<SyntaxToken?>()
            .Where(name => name is { } token && EmptyWords.Any(word => EndsInWord(token.Text, word)))
            .Select(name => file.At(name.GetValueOrDefault(), $"'{name.GetValueOrDefault().Text}': say what it is, without a word that says nothing"));

    private static SyntaxToken? NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier,
        DelegateDeclarationSyntax type => type.Identifier,
        _ => null,
    };

    /// <summary>True for <c>UsageData</c> and <c>Data</c>, not for <c>Metadata</c>.</summary>
    private static bool EndsInWord(string name, string word) => name.EndsWith(word, StringComparison.Ordinal);

    private static bool IsNamedByPackage(SourceFile file, MemberDeclarationSyntax member) =>
        file.IsBelow("src/Compat") && member.Modifiers.Any(SyntaxKind.PublicKeyword);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"#\d+")]
    private static partial Regex IssueNumber();
}
