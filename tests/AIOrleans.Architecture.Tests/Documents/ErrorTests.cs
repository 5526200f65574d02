using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Documents;

/// <summary>docs/errors.md names the code of every denial.</summary>
public sealed partial class ErrorTests
{
    private const string Document = "docs/errors.md";

    [Fact]
    public void Every_code_is_documented() =>
        Findings.AssertNone(Repository.OwnProduct.Where(file => file.Path == "src/AIOrleans.Core/Denials/Denial.cs")
            .SelectMany(file => Undocumented(file, Repository.Read(Document))));

    [Fact]
    public void There_are_denials_to_document() => Assert.True(Repository.Exists("src/AIOrleans.Core/Denials/Denial.cs"));

    [Fact]
    public void Catches_an_undocumented_code()
    {
        const string Text = "record Denial(string Code) { record A() : Denial(\"no_money\"); record B(string M) : Denial(\"overloaded\"); }";
        Assert.Contains("no_money", Assert.Single(Findings.Of(file => Undocumented(file, "`overloaded`"), Text)), StringComparison.Ordinal);
    }

    private static IEnumerable<Finding> Undocumented(SourceFile file, string document) =>
        file.Nodes<LiteralExpressionSyntax>()
            .Where(literal => Code().IsMatch(literal.Token.ValueText) && !document.Contains($"`{literal.Token.ValueText}`", StringComparison.Ordinal))
            .Select(literal => file.At(literal, $"'{literal.Token.ValueText}' is not in {Document}"));

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Code();
}
