using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Money;

public sealed class NanoUsdTests
{
    [Theory]
    [InlineData("1", 1_000_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("0.0000000019", 1)]
    [InlineData("-0.0000000001", -1)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    public void Reads_dollars_down_to_the_nano_dollar_below(string usd, long nano) =>
        Assert.Equal(nano, NanoUsd.FromUsd(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture)).Value);

    [Fact]
    public void More_dollars_than_fit_are_refused() => Assert.Throws<OverflowException>(() => NanoUsd.FromUsd(9_223_372_037m));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1, "0.000000001")]
    [InlineData(1_250_000, "0.00125")]
    [InlineData(-5_000_000_000, "-5.00")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    public void Writes_dollars_exactly(long nano, string text)
    {
        Assert.Equal(text, new NanoUsd(nano).ToString());
        Assert.Equal(nano, NanoUsd.FromUsd(new NanoUsd(nano).ToUsd()).Value);
    }

    [Fact]
    public void Sums_are_checked()
    {
        Assert.Equal(new NanoUsd(3), new NanoUsd(1) + new NanoUsd(2));
        Assert.Equal(new NanoUsd(-1), new NanoUsd(1) - new NanoUsd(2));
        Assert.Throws<OverflowException>(() => new NanoUsd(long.MaxValue) + new NanoUsd(1));
        Assert.Throws<OverflowException>(() => new NanoUsd(long.MinValue) - new NanoUsd(1));
        Assert.Throws<OverflowException>(() => -new NanoUsd(long.MinValue));
    }

    [Fact]
    public void Amounts_compare_by_size()
    {
        Assert.True(new NanoUsd(1) < new NanoUsd(2));
        Assert.True(new NanoUsd(2) >= new NanoUsd(2));
        Assert.True(new NanoUsd(-2) < NanoUsd.Zero);
    }
}
