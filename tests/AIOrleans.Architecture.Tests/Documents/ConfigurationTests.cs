using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Documents;

/// <summary>docs/configuration.md names everything that can be configured.</summary>
public sealed class ConfigurationTests
{
    private const string Document = "docs/configuration.md";

    /// <summary>Methods of the configuration's readers whose text argument is the name of a property.</summary>
    private static readonly string[] Readers =
        ["Text", "Flag", "Number", "Whole", "Object", "Objects", "Items", "Read", "ReadList", "ReadSeconds", "ReadToken", "ReadInstant"];

    [Fact]
    public void Every_property_of_the_file_is_documented() =>
        Findings.AssertNone(Repository.OwnProduct.Where(file => file.IsBelow("src/AIOrleans.Core/Configuration"))
            .SelectMany(file => Undocumented(file, Repository.Read(Document))));

    [Fact]
    public void Every_option_is_documented() =>
        Findings.AssertNone(Repository.OwnProduct.SelectMany(file => UndocumentedOptions(file, Repository.Read(Document))));

    [Fact]
    public void Every_variable_is_documented() =>
        Findings.AssertNone(Repository.OwnProduct.SelectMany(file => UndocumentedVariables(file, Repository.Read(Document))));

    [Theory]
    [InlineData("class C { int M() => reader.Whole(\"outputTokens\", 1, 2); }")]
    [InlineData("class C { int M() => Kinds.Read(reader, \"outputTokens\", required: true); }")]
    public void Catches_an_undocumented_property(string text)
    {
        Assert.Single(Findings.Of(file => Undocumented(file, "`tokens`, `outputTokensMax`"), text));
        Assert.Empty(Findings.Of(file => Undocumented(file, "`simulation.outputTokens`"), text));
        Assert.Empty(Findings.Of(file => Undocumented(file, "`outputTokens`"), text));
    }

    [Fact]
    public void Catches_an_undocumented_option()
    {
        const string Text = "public sealed class GatewayOptions { const string Section = \"A\"; public int BodyBytesMax { get; set; } public int Twice => 2; }";
        Assert.Single(Findings.Of(file => UndocumentedOptions(file, "`Gateway:BodyBytes`"), Text));
        Assert.Empty(Findings.Of(file => UndocumentedOptions(file, "`Gateway:BodyBytesMax`"), Text));
    }

    [Fact]
    public void Catches_an_undocumented_variable() =>
        Assert.Single(Findings.Of(file =>
            UndocumentedVariables(file, "`AIORLEANS_CONFIG`"), "class C { string A = \"AIORLEANS_CONFIG\", B = \"AIORLEANS_DATA\"; }"));

    private static IEnumerable<Finding> Undocumented(SourceFile file, string document) =>
        file.Nodes<InvocationExpressionSyntax>().Where(call => Readers.Contains(NameOf(call.Expression)))
            .SelectMany(call => call.ArgumentList.Arguments.Select(argument => argument.Expression).OfType<LiteralExpressionSyntax>().Take(1))
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression) && !Names(document, literal.Token.ValueText))
            .Select(literal => file.At(literal, $"'{literal.Token.ValueText}' is not in {Document}"));

    private static IEnumerable<Finding> UndocumentedOptions(SourceFile file, string document) =>
        from type in file.Nodes<ClassDeclarationSyntax>()
        where type.Identifier.Text.EndsWith("Options", StringComparison.Ordinal)
        from property in type.Members.OfType<PropertyDeclarationSyntax>()
        where property.AccessorList?.Accessors
            .Any(SyntaxKind.SetAccessorDeclaration) == true && !document.Contains($":{property.Identifier.Text}`", StringComparison.Ordinal)
        select file.At(property.Identifier, $"{type.Identifier.Text}.{property.Identifier.Text} is not in {Document}");

    private static IEnumerable<Finding> UndocumentedVariables(SourceFile file, string document) =>
        file.Nodes<LiteralExpressionSyntax>()
            .Where(text => text.Token.ValueText.StartsWith("AIORLEANS_", StringComparison.Ordinal)
                && !document.Contains($"`{text.Token.ValueText}`", StringComparison.Ordinal))
            .Select(text => file.At(text, $"{text.Token.ValueText} is not in {Document}"));

    private static bool Names(string document, string property) =>
        new[] { $"`{property}`", $"`{property}[]`", $".{property}`" }.Any(written => document.Contains(written, StringComparison.Ordinal));

    private static string NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
