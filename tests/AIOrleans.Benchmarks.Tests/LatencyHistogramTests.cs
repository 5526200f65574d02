using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(12_345)]
    [InlineData(987_654_321)]
    [InlineData(3_000_000_000_000)]
    public void Is_right_to_two_percent(long nanoseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.AddNanoseconds(nanoseconds);
        Assert.InRange(histogram.MicrosAt(0.5), nanoseconds * 0.98 / 1000, nanoseconds * 1.02 / 1000);
    }

    [Fact]
    public void Finds_percentiles_of_many()
    {
        var histogram = new LatencyHistogram();
        for (int micros = 1; micros <= 10_000; micros++)
        {
            histogram.Add(TimeSpan.FromMicroseconds(micros));
        }

        Assert.InRange(histogram.MicrosAt(0.5), 4900, 5100);
        Assert.InRange(histogram.MicrosAt(0.99), 9700, 10_100);
        Assert.InRange(histogram.MicrosAt(0.999), 9790, 10_190);
    }

    [Fact]
    public void Survives_its_way_between_processes()
    {
        var random = new Random(1);
        var whole = new LatencyHistogram();
        var sum = new LatencyHistogram();
        for (int part = 0; part < 3; part++)
        {
            var one = new LatencyHistogram();
            for (int i = 0; i < 1000; i++)
            {
                long nanoseconds = random.NextInt64(1, 10_000_000_000);
                one.AddNanoseconds(nanoseconds);
                whole.AddNanoseconds(nanoseconds);
            }

            sum.Add(LatencyHistogram.FromSparse(one.ToSparse()));
        }

        Assert.Equal(3000, sum.Count);
        Assert.Equal(whole.MicrosAt(0.9), sum.MicrosAt(0.9));
    }

    [Fact]
    public void Keeps_what_is_out_of_range_at_its_ends()
    {
        var histogram = new LatencyHistogram();
        histogram.AddNanoseconds(-5);
        Assert.Equal(0, histogram.MicrosAt(1));
        histogram.AddNanoseconds(long.MaxValue);
        Assert.Equal(2, histogram.Count);
    }

    [Fact]
    public void Has_nothing_of_nothing() => Assert.Equal(0, new LatencyHistogram().MicrosAt(0.5));
}
