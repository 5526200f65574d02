using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Lets_a_burst_of_its_capacity_through_and_no_more()
    {
        var bucket = TokenBucket.Full(10, 60, Start);
        Assert.True(bucket.TryTake(10, Start));
        Assert.False(bucket.TryTake(1, Start));
    }

    [Fact]
    public void Refills_no_further_than_capacity()
    {
        var bucket = TokenBucket.Full(10, 60, Start);
        bucket.TryTake(10, Start);
        Assert.Equal(10, bucket.Available(Start.AddYears(1000)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000_003)]
    public void Refilling_in_many_small_steps_gives_exactly_what_one_step_gives(long tokensPerMinute)
    {
        var often = TokenBucket.Saved(1_000_000_000, tokensPerMinute, 0, Start);
        var once = TokenBucket.Saved(1_000_000_000, tokensPerMinute, 0, Start);
        var random = new Random(7);
        DateTimeOffset now = Start;
        for (int i = 0; i < 10_000; i++)
        {
            now = now.AddTicks(random.Next(0, 1000));
            often.LevelMicro(now);
        }

        Assert.Equal(once.LevelMicro(now), often.LevelMicro(now));
    }

    [Fact]
    public void One_minute_refills_the_rate_exactly()
    {
        var bucket = TokenBucket.Saved(1000, 7, 0, Start);
        Assert.Equal(7 * TokenBucket.MicroPerToken, bucket.LevelMicro(Start.AddMinutes(1)));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(7, 3)]
    [InlineData(1_000_000_000, 999)]
    [InlineData(1, 1000)]
    public void Tells_to_the_tick_when_tokens_will_fit(long tokensPerMinute, long tokens)
    {
        var bucket = TokenBucket.Saved(1000, tokensPerMinute, -123, Start);
        TimeSpan wait = Assert.IsType<TimeSpan>(bucket.TimeUntil(tokens, Start));
        Assert.False(bucket.Fits(tokens, Start + wait - TimeSpan.FromTicks(1)));
        Assert.True(bucket.Fits(tokens, Start + wait));
        Assert.Equal(TimeSpan.Zero, bucket.TimeUntil(tokens, Start + wait));
    }

    [Fact]
    public void What_exceeds_the_capacity_or_never_refills_has_no_wait()
    {
        Assert.Null(TokenBucket.Full(10, 60, Start).TimeUntil(11, Start));
        Assert.Null(TokenBucket.Saved(10, 0, 0, Start).TimeUntil(1, Start));
    }

    [Fact]
    public void Debt_is_paid_back_before_anything_can_be_taken()
    {
        var bucket = TokenBucket.Full(10, 60, Start);
        bucket.TryTake(10, Start);
        bucket.Correct(5, Start);
        Assert.Equal(-5 * TokenBucket.MicroPerToken, bucket.LevelMicro(Start));
        Assert.Equal(TimeSpan.FromSeconds(6), bucket.TimeUntil(1, Start));
    }

    [Fact]
    public void Giving_back_never_exceeds_the_capacity()
    {
        var bucket = TokenBucket.Full(10, 60, Start);
        bucket.Correct(-5, Start);
        Assert.Equal(10, bucket.Available(Start));
    }

    [Fact]
    public void A_larger_capacity_hands_out_no_fresh_burst()
    {
        var bucket = TokenBucket.Full(10, 60, Start);
        bucket.TryTake(4, Start);
        bucket.Configure(1000, 600, 1000, Start);
        Assert.Equal(6, bucket.Available(Start));
        Assert.Equal(16, bucket.Available(Start.AddSeconds(1)));
    }

    [Fact]
    public void A_smaller_capacity_cuts_the_level_and_keeps_debt()
    {
        var bucket = TokenBucket.Full(100, 60, Start);
        bucket.Configure(10, 60, 1000, Start);
        Assert.Equal(10, bucket.Available(Start));
        bucket.Correct(30, Start);
        bucket.Configure(5, 60, 1000, Start);
        Assert.Equal(-20 * TokenBucket.MicroPerToken, bucket.LevelMicro(Start));
    }

    [Fact]
    public void A_multiplier_scales_the_refill_only_from_its_instant_on()
    {
        var bucket = TokenBucket.Saved(1000, 60, 0, Start);
        bucket.Configure(1000, 60, 500, Start.AddSeconds(10));
        Assert.Equal(15, bucket.Available(Start.AddSeconds(20)));
        Assert.Equal(1000, bucket.Capacity);
    }

    [Fact]
    public void A_clock_that_goes_back_refills_nothing_twice()
    {
        var bucket = TokenBucket.Saved(1000, 60, 0, Start);
        Assert.Equal(30, bucket.Available(Start.AddSeconds(30)));
        Assert.Equal(30, bucket.Available(Start.AddSeconds(10)));
        Assert.Equal(30, bucket.Available(Start.AddSeconds(30)));
        Assert.Equal(31, bucket.Available(Start.AddSeconds(31)));
    }

    [Fact]
    public void A_clock_set_back_for_good_does_not_stop_the_refill()
    {
        var bucket = TokenBucket.Saved(1000, 60, 0, Start.AddHours(5));
        bucket.LevelMicro(Start);
        Assert.Equal(10, bucket.Available(Start.AddSeconds(10)));
    }

    [Fact]
    public void The_largest_rate_and_the_longest_pause_do_not_overflow()
    {
        var bucket = TokenBucket.Saved(LimitsConfig.RateMax, LimitsConfig.RateMax, 0, DateTimeOffset.MinValue, 1500);
        Assert.Equal(LimitsConfig.RateMax, bucket.Available(DateTimeOffset.MaxValue));
        bucket.Correct(long.MaxValue, DateTimeOffset.MaxValue);
        Assert.Equal(0, bucket.Available(DateTimeOffset.MaxValue));
    }
}
