using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>A grain is its own lock: nothing may let two turns overlap without saying why that is safe.</summary>
public sealed class GrainTests
{
    [Fact]
    public void No_class_is_reentrant() => Findings.AssertNone(Repository.OwnProduct.SelectMany(Reentrant));

    [Fact]
    public void Every_interleaving_mark_says_why_it_is_safe() => Findings.AssertNone(Repository.OwnProduct.SelectMany(UnexplainedInterleaving));

    [Fact]
    public void No_grain_leaves_its_turn() =>
        Findings.AssertNone(Repository.OwnProduct.Where(file => file.Project == "AIOrleans.Grains").SelectMany(LeavesItsTurn));

    [Theory]
    [InlineData("[Reentrant] class C;")]
    [InlineData("[Orleans.Concurrency.Reentrant, Alias(\"a\")] class C;")]
    [InlineData("[ReentrantAttribute] class C;")]
    public void Catches_a_reentrant_class(string text) => Assert.Single(Findings.Of(Reentrant, text));

    [Theory]
    [InlineData("interface I\n{\n[AlwaysInterleave]\nTask M();\n}")]
    [InlineData("interface I\n{\n[ReadOnly]\nTask M();\n}")]
    [InlineData("interface I\n{\n// Somewhere else: safe.\n[AlwaysInterleave, Alias(\"m\")]\nTask M();\n}")]
    public void Catches_an_unexplained_mark(string text) => Assert.Single(Findings.Of(UnexplainedInterleaving, text));

    [Fact]
    public void Lets_an_explained_mark_through() =>
        Assert.Empty(Findings.Of(UnexplainedInterleaving, "interface I\n{\n[AlwaysInterleave] // Safe: no state.\nTask M();\n}"));

    [Theory]
    [InlineData("class C { async Task M() => await x.ConfigureAwait(false); }")]
    [InlineData("class C { async Task M() => await x.ConfigureAwait(continueOnCapturedContext: false); }")]
    [InlineData("class C { async Task M() => await x.ConfigureAwait(ConfigureAwaitOptions.None); }")]
    [InlineData("class C : Grain { async Task M() => await x.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }")]
    public void Catches_leaving_the_turn(string text) => Assert.Single(Findings.Of(LeavesItsTurn, text));

    [Theory]
    [InlineData("class C : BackgroundService { async Task M() => await x.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }")]
    [InlineData("class C : Grain { async Task M() => await x.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext); }")]
    public void Lets_staying_in_the_turn_through(string text) => Assert.Empty(Findings.Of(LeavesItsTurn, text));

    private static IEnumerable<Finding> Reentrant(SourceFile file) =>
        Marks(file, "Reentrant", "MayInterleave").Select(mark => file.At(mark, $"[{mark.Name}]: mark single methods, each with why it is safe"));

    private static IEnumerable<Finding> UnexplainedInterleaving(SourceFile file) =>
        Marks(file, "AlwaysInterleave", "ReadOnly").Where(mark => !LineAt(file, mark).Contains("// ", StringComparison.Ordinal))
            .Select(mark => file.At(mark, $"[{mark.Name}] without a comment on its line saying why it is safe"));

    private static IEnumerable<Finding> LeavesItsTurn(SourceFile file) =>
        file.Nodes<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } && !StaysInTurn(file, call))
            .Select(call => file.At(call, "ConfigureAwait leaves the turn of the grain"));

    /// <summary>Suppressing exceptions leaves the turn as well unless it says otherwise; services beside the grains have none to leave.</summary>
    private static bool StaysInTurn(SourceFile file, InvocationExpressionSyntax call)
    {
        string arguments = call.ArgumentList.ToString();
        return arguments == "(true)" || arguments.Contains("ContinueOnCapturedContext", StringComparison.Ordinal)
            || (arguments.Contains("SuppressThrowing", StringComparison.Ordinal) && !LengthTests.HasGrain(file));
    }

    private static IEnumerable<AttributeSyntax> Marks(SourceFile file, params string[] names) =>
        file.Nodes<AttributeSyntax>().Where(mark =>
            names.Any(name => mark.Name.ToString().Split('.')[^1] is var written && (written == name || written == name + "Attribute")));

    private static string LineAt(SourceFile file, AttributeSyntax mark) => file.Lines[SourceFile.LineOf(mark.GetLocation()) - 1];
}
