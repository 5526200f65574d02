using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>Money and tokens are integers from the price list to the disk: no expression of a floating type where they are counted.</summary>
public sealed partial class MoneyTests
{
    private static readonly string[] Counting = ["Money", "Ledger", "Usage", "Limits"];

    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!) // ! Every .NET host sets it.
            .Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What ImplicitUsings adds to every file.</summary>
    private static readonly SyntaxTree ImplicitUsings = CSharpSyntaxTree.ParseText(
        "global using System; global using System.Collections.Generic; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;");

    [Fact]
    public void Nothing_in_Core_counts_in_floating_point()
    {
        IReadOnlyList<Finding> findings = FloatingExpressions(
            [.. Repository.Product.Where(file => file.Project == "AIOrleans.Core")],
            file => Counting.Any(folder => file.IsBelow($"src/AIOrleans.Core/{folder}")));
        Ratchet.AssertHolds("floating-point.txt", LinesOf(findings), findings);
    }

    [Fact]
    public void Money_columns_are_integers() => Findings.AssertNone(SqlFiles().SelectMany(file => FloatingColumns(file.Path, file.Text)));

    [Fact]
    public void Queries_do_not_convert_to_floating_point() =>
        Findings.AssertNone(Repository.Product.Where(file => file.Project == "AIOrleans.Storage").SelectMany(FloatingQueries));

    [Theory]
    [InlineData("class C { double price; }")]
    [InlineData("class C { object M() => 0.5; }")]
    [InlineData("class C { object M() { var x = 1f; return x; } }")]
    [InlineData("class C { long M(TimeSpan t) => (long)t.TotalMinutes; }")]
    [InlineData("class C { long M(long a) => (long)Math.Pow(10, a); }")]
    [InlineData("class C { TimeSpan M(TimeSpan t) => TimeSpan.FromSeconds(1.5); }")]
    public void Catches_floating_point(string text) =>
        Assert.NotEmpty(FloatingExpressions([SourceFile.Parse("src/AIOrleans.Core/Money/C.cs", text)], _ => true));

    [Fact]
    public void Lets_integers_and_decimals_through() =>
        Assert.Empty(FloatingExpressions(
            [SourceFile.Parse("src/AIOrleans.Core/Money/C.cs",
                "class C { decimal M(long a) => a / 1.5m; TimeSpan T(long t) => TimeSpan.FromTicks(t * 3); Int128 P(long a) => (Int128)a * a; }")],
            _ => true));

    [Theory]
    [InlineData("CREATE TABLE a (cost_nano REAL NOT NULL);")]
    [InlineData("create table a (\n  cost double precision\n);")]
    [InlineData("create table a (share float8);")]
    [InlineData("create table a (amount_nano_usd numeric(20, 9) not null);")]
    [InlineData("alter table a add column price decimal;")]
    public void Catches_a_floating_column(string sql) => Assert.Single(FloatingColumns("sql/a.sql", sql));

    [Theory]
    [InlineData("create table a (cost_nano bigint not null, cost INTEGER, total_cost_nano bigint);")]
    [InlineData("create table a (price_version text, model text);")]
    [InlineData("-- the real cost\ncreate table a (id text);")]
    public void Lets_integer_columns_through(string sql) => Assert.Empty(FloatingColumns("sql/a.sql", sql));

    [Theory]
    [InlineData("class C { string Sql = \"select cast(sum(cost_nano) as real) from a\"; }")]
    [InlineData("class C { string Sql = \"\"\"\nselect sum(cost)::double precision\n\"\"\"; }")]
    [InlineData("class C { string Sql = $\"select avg({0})::float8 from a\"; }")]
    public void Catches_a_floating_query(string text) => Assert.Single(Findings.Of(FloatingQueries, text));

    private static IEnumerable<(string Path, string Text)> SqlFiles() => Repository.FilesBelow("sql", "*.sql").Select(path => (path, Repository.Read(path)));

    /// <summary>Every expression and declared type that the compiler says is floating, in files that <paramref name="counts"/>.</summary>
    private static IReadOnlyList<Finding> FloatingExpressions(IReadOnlyList<SourceFile> files, Func<SourceFile, bool> counts)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Counting", [ImplicitUsings, .. files.Select(file => file.Roots[0].SyntaxTree)], Framework,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var findings = new List<Finding>();
        foreach (SourceFile file in files.Where(counts))
        {
            SemanticModel model = compilation.GetSemanticModel(file.Roots[0].SyntaxTree);
            foreach (ExpressionSyntax expression in file.Roots[0].DescendantNodes().OfType<ExpressionSyntax>())
            {
                // Not what it is converted to: AddDays takes a double, and whole days are exact in it.
                if (IsFloating(model.GetTypeInfo(expression).Type))
                {
                    findings.Add(file.At(expression, $"'{expression}' is floating point"));
                }
            }
        }

        return findings;
    }

    /// <summary>How many lines of each file have a finding: one expression often makes several.</summary>
    private static Dictionary<string, int> LinesOf(IEnumerable<Finding> findings) =>
        findings.DistinctBy(finding => (finding.Path, finding.Line)).CountBy(finding => finding.Path, StringComparer.Ordinal).ToDictionary();

    private static bool IsFloating(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single || type?.ToString() is "System.Half" or "double?" or "float?";

    private static IEnumerable<Finding> FloatingColumns(string path, string sql)
    {
        string[] lines = sql.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split("--")[0];
            if (FloatingType().IsMatch(line) || MoneyColumn().IsMatch(line))
            {
                yield return new Finding(path, i + 1, $"'{line.Trim()}': money and counters are bigint (nano-dollars, tokens)");
            }
        }
    }

    private static IEnumerable<Finding> FloatingQueries(SourceFile file) =>
        file.Nodes<ExpressionSyntax>().Where(node => node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax)
            .Where(text => FloatingConversion().IsMatch(text.ToString()))
            .Select(text => file.At(text, "a query converts to floating point: sum nano-dollars as bigint"));

    [GeneratedRegex(@"\w\s+(real|float\d?|double(\s+precision)?|money)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FloatingType();

    [GeneratedRegex(@"\b\w*(cost|price|usd|nano|budget|debt|money)\w*(?<!_version)\s+(numeric|decimal|text|varchar)\b", RegexOptions.IgnoreCase)]
    private static partial Regex MoneyColumn();

    [GeneratedRegex(@"(as\s+|::\s*)(real|float\d?|double)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FloatingConversion();
}
