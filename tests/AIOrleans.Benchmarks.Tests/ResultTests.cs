using System.Text;
using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Scenarios;

namespace AIOrleans.Benchmarks.Tests;

public sealed class ResultTests
{
    [Fact]
    public void A_spread_is_the_median_and_the_ends() => Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9, 1, 2, 3]));

    [Fact]
    public void A_slope_is_that_of_the_nearest_line() => Assert.Equal(2, SoakBenchmark.Slope([(0, 1), (1, 3), (2, 5)]), 9);

    [Theory]
    [InlineData(119, 100, false)]
    [InlineData(120, 100, true)]
    [InlineData(120, 64, false)]
    [InlineData(359, 64, false)]
    [InlineData(360, 64, true)]
    public void A_gateway_is_warm_after_its_time_and_once_its_database_has_outgrown_the_cache_or_will_not(int seconds, long databaseMiB, bool isWarm) =>
        Assert.Equal(isWarm, SoakBenchmark.IsWarm(TimeSpan.FromSeconds(seconds), TimeSpan.FromMinutes(2), databaseMiB << 20));

    [Theory]
    [InlineData(2, "soak")]
    [InlineData(6, "soak", "--minutes", "30")]
    [InlineData(0.5, "soak", "--minutes", "30", "--warm-minutes", "0.5")]
    public void A_soak_warms_up_for_a_fifth_of_its_time_or_as_long_as_it_is_told(double minutes, params string[] args) =>
        Assert.Equal(minutes, BenchmarkOptions.Parse(args).SoakWarmMinutes, 9);

    [Fact]
    public void The_newest_figure_of_a_name_counts()
    {
        string folder = Directory.CreateTempSubdirectory("aiorleans-figures-").FullName;
        var output = new StringWriter();
        var book = new FigureBook(folder, output);
        book.Add("a.rate", [3, 1, 2], "ms");
        book.Add("a.rate", 7, "ms");
        Assert.Equal(7, FigureBook.Read(folder)["a.rate"].Value);
        Assert.Contains("a.rate=2 ms [1..3]", output.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written_and_renumbered_in_place()
    {
        byte[] text = Encoding.ASCII.GetBytes($"before {new CallMark(7, 20, 5, 1024)} after");
        CallMark.Renumber(text, CallMark.Find(text), 123_456);
        Assert.Equal(new CallMark(123_456, 20, 5, 1024), CallMark.Read(text));
    }

    [Theory]
    [InlineData("--second", "5")]
    [InlineData("--seconds", "never")]
    [InlineData("--seconds")]
    public void An_option_that_is_not_understood_is_refused(params string[] args) => Assert.Throws<FormatException>(() => BenchmarkOptions.Parse(args));
}
