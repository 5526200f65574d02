using AIOrleans.Core.Health;

namespace AIOrleans.Core.Tests.Health;

public sealed class LatencySketchTests
{
    public static TheoryData<string, Func<Random, long>> Distributions() => new()
    {
        { "uniform", random => random.NextInt64(1, 10_000_000) },
        { "log-uniform over nine decades", random => (long)Math.Pow(10, random.NextDouble() * 9) },
        { "two modes", random => random.Next(10) == 0 ? 9_000_000 + random.Next(1_000_000) : 20_000 + random.Next(5_000) },
        { "tiny", random => random.Next(1, 30) },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Every_quantile_is_off_by_at_most_one_percent(string name, Func<Random, long> draw)
    {
        var random = new Random(name.Length);
        var sketch = new LatencySketch();
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => draw(random))];
        Array.ForEach(values, sketch.Add);
        Array.Sort(values);
        foreach (double quantile in new[] { 0.001, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1 })
        {
            long exact = values[(int)Math.Ceiling(values.Length * quantile) - 1];
            long estimate = Assert.IsType<long>(sketch.Quantile(quantile));

            // Half a microsecond for rounding to whole ones.
            Assert.InRange(Math.Abs(estimate - exact), 0, (exact * LatencySketch.RelativeErrorMax) + 0.5);
        }
    }

    [Fact]
    public void Merged_sketches_equal_one_that_saw_everything()
    {
        var random = new Random(11);
        LatencySketch whole = new(), left = new(), right = new();
        for (int i = 0; i < 10_000; i++)
        {
            long value = random.NextInt64(1, 100_000_000);
            whole.Add(value);
            (i % 3 == 0 ? left : right).Add(value);
        }

        left.Merge(right);
        Assert.Equal(whole.Count, left.Count);
        for (double quantile = 0; quantile <= 1; quantile += 0.01)
        {
            Assert.Equal(whole.Quantile(quantile), left.Quantile(quantile));
        }
    }

    [Fact]
    public void A_full_bucket_goes_on_counting()
    {
        var sketch = new LatencySketch();
        for (int i = 0; i < 2_500_000; i++)
        {
            sketch.Add(1000);
        }

        sketch.Add(10);
        sketch.Add(100_000);
        var doubled = new LatencySketch();
        doubled.Merge(sketch);
        doubled.Merge(sketch);
        Assert.Equal(5_000_004, doubled.Count);
        Assert.InRange(doubled.Quantile(0.5) ?? 0, 990, 1010);
        Assert.InRange(doubled.Quantile(0) ?? 0, 10, 10);
        Assert.InRange(doubled.Quantile(1) ?? 0, 99_000, 101_000);
    }

    [Fact]
    public void An_empty_sketch_has_no_quantiles() => Assert.Null(new LatencySketch().Quantile(0.5));

    [Fact]
    public void Durations_beyond_the_ends_count_as_the_ends()
    {
        var sketch = new LatencySketch();
        sketch.Add(-5);
        sketch.Add(long.MaxValue);
        Assert.Equal(1, sketch.Quantile(0));
        Assert.InRange(sketch.Quantile(1) ?? 0, LatencySketch.MicrosMax * 0.99, LatencySketch.MicrosMax * 1.01);
    }
}
