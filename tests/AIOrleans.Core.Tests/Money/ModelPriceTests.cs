using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Tests.Money;

public sealed class ModelPriceTests
{
    [Theory]
    [InlineData(1, 6_000_000, 100)]
    [InlineData(1, 1, 1)]
    [InlineData(59_999, 1, 1)]
    [InlineData(60_001, 1, 2)]
    [InlineData(29_317, 6_000_000, 2_931_700)]
    public void Audio_is_charged_by_the_millisecond_and_rounded_up_once(long milliseconds, long nanoPerMinute, long costNano)
    {
        ModelPrice price = new() { Version = "1", Input = default(TokenPrice), Output = default(TokenPrice), PerAudioMinute = new NanoUsd(nanoPerMinute) };
        Assert.Equal(costNano, price.CostOf(new TokenUsage { AudioMilliseconds = milliseconds }).Value);
    }

    [Fact]
    public void Audio_and_tokens_share_one_rounding()
    {
        // Half a nano-dollar each.
        ModelPrice price = new() { Version = "1", Input = new TokenPrice(500), Output = default(TokenPrice), PerAudioMinute = new NanoUsd(1) };
        Assert.Equal(1, price.CostOf(new TokenUsage { UncachedInput = 1, AudioMilliseconds = 30_000 }).Value);
        Assert.Equal(2, price.CostOf(new TokenUsage { UncachedInput = 1, AudioMilliseconds = 30_001 }).Value);
    }

    [Fact]
    public void Tells_whether_something_is_charged_at_all_in_any_tier_or_service()
    {
        ModelPrice price = new() { Version = "1", Input = default(TokenPrice), Output = default(TokenPrice) };
        static long? Minute(PriceRates rates) => rates.PerAudioMinute?.Value;
        Assert.False(price.Charges(Minute));
        Assert.False((price with { PerAudioMinute = NanoUsd.Zero }).Charges(Minute));
        Assert.True((price with { Flex = new PriceSheet { Tiers = [new PriceTier(1_000, new PriceRates { PerAudioMinute = new NanoUsd(1) })] } }).Charges(Minute));
    }

    private static readonly ModelPrice Full = new()
    {
        Version = "1",
        Input = new TokenPrice(2_500_000),
        Output = new TokenPrice(10_000_000),
        CachedInput = new TokenPrice(1_250_000),
        CacheWrite5m = new TokenPrice(3_000_000),
        CacheWrite1h = new TokenPrice(5_000_000),
        AudioInput = new TokenPrice(40_000_000),
        AudioOutput = new TokenPrice(80_000_000),
        PerRequest = new NanoUsd(7),
    };

    [Theory]
    [InlineData("0.075", 75_000)]
    [InlineData("0", 0)]
    [InlineData("0.000001", 1)]
    [InlineData("1000000000", 1_000_000_000_000_000)]
    public void Reads_prices_exact_to_the_micro_dollar_per_million(string usdPerMillion, long micro)
    {
        decimal usd = decimal.Parse(usdPerMillion, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(TokenPrice.TryFromUsdPerMillion(usd, out TokenPrice price));
        Assert.Equal(micro, price.MicroUsdPerMillion);
        Assert.Equal(usd, price.ToUsdPerMillion());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("1000000000.1")]
    [InlineData("79228162514264337593543950335")]
    public void Refuses_prices_that_are_negative_too_fine_or_too_large(string usdPerMillion) =>
        Assert.False(TokenPrice.TryFromUsdPerMillion(decimal.Parse(usdPerMillion, System.Globalization.CultureInfo.InvariantCulture), out _));

    [Fact]
    public void Every_class_has_its_own_price()
    {
        var usage = new TokenUsage
        {
            UncachedInput = 1000, CacheRead = 2000, CacheWrite5m = 300, CacheWrite1h = 40, Output = 500, Reasoning = 400, AudioInput = 6, AudioOutput = 7,
        };
        long nano = (1000 * 2500) + (2000 * 1250) + (300 * 3000) + (40 * 5000) + (500 * 10_000) + (6 * 40_000) + (7 * 80_000) + 7;
        Assert.Equal(nano, Full.CostOf(usage).Value);
    }

    [Fact]
    public void Classes_without_a_price_fall_back()
    {
        var price = new ModelPrice { Version = "1", Input = new TokenPrice(1_000_000), Output = new TokenPrice(2_000_000) };
        var usage = new TokenUsage { UncachedInput = 1, CacheRead = 1, CacheWrite5m = 1, CacheWrite1h = 1, AudioInput = 1, Output = 1, AudioOutput = 1 };
        Assert.Equal((5 * 1000) + (2 * 2000), price.CostOf(usage).Value);
        Assert.Equal(3000, (price with { CacheWrite5m = new TokenPrice(3_000_000) }).CostOf(new TokenUsage { CacheWrite1h = 1 }).Value);
    }

    [Fact]
    public void Rounds_up_once_over_all_classes()
    {
        // 400 pico-dollars each: three of them are 1 200, which is two nano-dollars and not three.
        var price = new ModelPrice { Version = "1", Input = new TokenPrice(400), Output = new TokenPrice(400), CachedInput = new TokenPrice(400) };
        Assert.Equal(2, price.CostOf(new TokenUsage { UncachedInput = 1, CacheRead = 1, Output = 1 }).Value);
        Assert.Equal(1, price.CostOf(new TokenUsage { Output = 1 }).Value);
        Assert.Equal(2, price.CostOf(new TokenUsage { Output = 5 }).Value);
        Assert.Equal(0, price.CostOf(default).Value);
    }

    [Fact]
    public void Costs_beyond_the_ledger_are_an_error_and_never_wrap()
    {
        var price = new ModelPrice { Version = "1", Input = new TokenPrice(1_000_000_000_000_000), Output = new TokenPrice(0) };
        Assert.Throws<OverflowException>(() => price.CostOf(new TokenUsage { UncachedInput = long.MaxValue }));
        Assert.Throws<OverflowException>(() => price.WorstCostOf(long.MaxValue, 0));

        // Even where the sum in pico-dollars leaves 128 bits.
        var absurd = new ModelPrice { Version = "1", Input = new TokenPrice(long.MaxValue), Output = new TokenPrice(long.MaxValue) };
        var usage = new TokenUsage { UncachedInput = long.MaxValue, CacheRead = long.MaxValue, Output = long.MaxValue, AudioOutput = long.MaxValue };
        Assert.Throws<OverflowException>(() => absurd.CostOf(usage));
    }

    [Fact]
    public void The_worst_cost_bounds_every_mix_of_classes()
    {
        var random = new Random(2);
        for (int i = 0; i < 1000; i++)
        {
            var usage = new TokenUsage
            {
                UncachedInput = random.Next(100), CacheRead = random.Next(100), CacheWrite5m = random.Next(100), CacheWrite1h = random.Next(100),
                AudioInput = random.Next(100), Output = random.Next(100), AudioOutput = random.Next(100),
            };
            Assert.True(Full.CostOf(usage) <= Full.WorstCostOf(usage.TotalInput, usage.TotalOutput));
        }
    }

    [Fact]
    public void Each_token_is_counted_once_in_the_total_and_reasoning_is_part_of_output()
    {
        var usage = new TokenUsage
        {
            UncachedInput = 1, CacheRead = 2, CacheWrite5m = 4, CacheWrite1h = 8, AudioInput = 16, Output = 32, Reasoning = 30, AudioOutput = 64,
        };
        Assert.Equal((31L, 96L, 127L), (usage.TotalInput, usage.TotalOutput, usage.Total));
    }
}
