using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AIOrleans.Architecture.Tests.Sources;

/// <summary>One C# file as text and as syntax.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
/// <param name="Roots">One per edition where the file differs between them (<c>#if CLUSTER</c>), else one.</param>
internal sealed record SourceFile(string Path, string Text, IReadOnlyList<SyntaxNode> Roots)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The second part of the path: <c>AIOrleans.Core</c>; of a stand-in <c>Compat/Orleans</c>.</summary>
    public string Project
    {
        get
        {
            string[] parts = Path.Split('/');
            return parts.Length > 2 && parts[1] == "Compat" ? $"{parts[1]}/{parts[2]}" : parts.ElementAtOrDefault(1) ?? "";
        }
    }

    public IReadOnlyList<string> Lines { get; } = Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public static SourceFile Parse(string path, string text)
    {
        List<SyntaxNode> roots = [RootOf(path, text)];
        if (text.Contains("#if", StringComparison.Ordinal))
        {
            roots.Add(RootOf(path, text, "CLUSTER"));
        }

        return new SourceFile(path, text, roots);
    }

    /// <summary>Nodes of both editions; one that stands in both comes twice, and findings are made distinct.</summary>
    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode => Roots.SelectMany(root => root.DescendantNodes(descendIntoTrivia: false).OfType<T>());

    public IEnumerable<SyntaxTrivia> Comments() => Roots.SelectMany(root => root.DescendantTrivia(descendIntoTrivia: false))
        .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia);

    public bool IsBelow(string directory) => Path.StartsWith(directory + "/", StringComparison.Ordinal);

    public Finding At(SyntaxNode node, string message) => new(Path, LineOf(node.GetLocation()), message);

    public Finding At(SyntaxToken token, string message) => new(Path, LineOf(token.GetLocation()), message);

    public Finding At(SyntaxTrivia trivia, string message) => new(Path, LineOf(trivia.GetLocation()), message);

    /// <summary>First line is 1.</summary>
    public static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    private static SyntaxNode RootOf(string path, string text, params string[] symbols) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: symbols), path).GetRoot();
}
