namespace AIOrleans.Architecture.Tests.Sources;

public sealed class RatchetTests
{
    private static readonly Dictionary<string, int> Allowed = new() { ["a"] = 80, ["b"] = 90 };

    [Fact]
    public void Holds_when_nothing_changed() => Assert.Empty(Ratchet.Compare(Allowed, new Dictionary<string, int> { ["a"] = 80, ["b"] = 90 }));

    [Fact]
    public void Refuses_growth() => Assert.Contains("grew from 80 to 81", Single(new() { ["a"] = 81, ["b"] = 90 }));

    [Fact]
    public void Refuses_a_new_entry() => Assert.Contains("c: 71 is new", Single(new() { ["a"] = 80, ["b"] = 90, ["c"] = 71 }));

    [Fact]
    public void Asks_to_be_lowered_after_shrinking() => Assert.Contains("lower the ratchet from 80 to 75", Single(new() { ["a"] = 75, ["b"] = 90 }));

    [Fact]
    public void Asks_to_be_lowered_after_an_entry_is_gone() => Assert.Contains("b: gone", Single(new() { ["a"] = 80 }));

    [Theory]
    [InlineData("a | 80")]
    [InlineData("a | many | why")]
    [InlineData("a | 80 | why\na | 80 | why")]
    public void Wants_a_size_and_a_reason_once_per_entry(string text) => Assert.Throws<FormatException>(() => Ratchet.Parse(text));

    [Fact]
    public void Skips_comments_and_empty_lines() => Assert.Equal(80, Assert.Single(Ratchet.Parse("# reviewed\n\na | 80 | protocol table\n")).Value);

    private static string Single(Dictionary<string, int> actual) => Assert.Single(Ratchet.Compare(Allowed, actual));
}
