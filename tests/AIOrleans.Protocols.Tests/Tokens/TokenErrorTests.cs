using System.Text;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Tokens;

/// <summary>How far off estimates are, on the half of the corpus that the weights were not fitted to.</summary>
public sealed class TokenErrorTests
{
    public static TheoryData<TokenFamily> Families => [.. Corpus.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Prose_in_Latin_letters_is_off_by_a_tenth_at_most(TokenFamily family) =>
        Assert.InRange(Corpus.ErrorsOf(Corpus.LatinProse, family).Average(Math.Abs), 0, 0.10);

    [Theory]
    [MemberData(nameof(Families))]
    public void All_kinds_together_are_off_by_a_tenth_at_most(TokenFamily family) =>
        Assert.InRange(Corpus.ErrorsOf(Corpus.Check.Select(sample => sample.Kind).Distinct(), family).Average(Math.Abs), 0, 0.10);

    [Theory]
    [MemberData(nameof(Families))]
    public void No_kind_is_off_by_more_than_a_quarter(TokenFamily family) =>
        Assert.All(
            Corpus.Check.Select(sample => sample.Kind).Distinct().Where(kind => kind != "repeated-chars"),
            kind => Assert.InRange(Corpus.ErrorsOf([kind], family).Average(Math.Abs), 0, 0.25));

    [Fact]
    public void An_unknown_model_is_seldom_taken_for_cheaper_than_it_is() =>
        Assert.InRange(
            Corpus.Check.Count(sample => Corpus.Families.Any(family => TokenEstimate.Of(sample.Utf8, TokenFamily.Unknown) < 0.9 * sample.TokensOf(family))),
            0, Corpus.Check.Count() / 10);

    /// <summary><c>GOLDEN_WRITE=1 dotnet test</c> writes the file anew; the documentation has its first table.</summary>
    [Fact]
    public void Errors_are_as_written_down()
    {
        string groups = Table("what", Corpus.Groups);
        string measured = groups + "\n" + Table("kind", Corpus.All.Select(sample => sample.Kind).Distinct().Select(kind => (kind, (IReadOnlyList<string>)[kind])));
        string file = Path.Combine(Corpus.Folder(), "errors.md");
        if (Environment.GetEnvironmentVariable("GOLDEN_WRITE") == "1")
        {
            File.WriteAllText(file, measured);
        }

        Assert.Equal(File.ReadAllText(file), measured);
        string documented = File.ReadAllText(Path.Combine(Corpus.Folder(), "..", "..", "..", "docs", "protocols.md"));
        Assert.Contains(groups, documented, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_is_in_one_row() =>
        Assert.Equal(Corpus.All.Select(sample => sample.Kind).Distinct().Order(), Corpus.Groups.SelectMany(group => group.Kinds).Order());

    private static string Table(string head, IEnumerable<(string Name, IReadOnlyList<string> Kinds)> rows)
    {
        StringBuilder table = new($"| {head} | {string.Join(" | ", Corpus.Families)} |\n|---|{string.Concat(Enumerable.Repeat("---|", Corpus.Families.Count))}\n");
        foreach ((string name, IReadOnlyList<string> kinds) in rows)
        {
            table.Append($"| {name} | {string.Join(" | ", Corpus.Families.Select(family => Corpus.Show(Corpus.ErrorsOf(kinds, family))))} |\n");
        }

        return table.ToString();
    }
}
