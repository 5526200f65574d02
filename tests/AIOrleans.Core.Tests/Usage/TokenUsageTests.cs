using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Tests.Usage;

public sealed class TokenUsageTests
{
    [Fact]
    public void Every_token_is_in_the_total_once_and_reasoning_is_output()
    {
        var usage = new TokenUsage
        {
            UncachedInput = 1, CacheRead = 2, CacheWrite5m = 4, CacheWrite1h = 8, Output = 16, Reasoning = 3, AudioInput = 32, AudioOutput = 64,
            ImageInput = 128, ImageOutput = 256,
            Images = 1, ImagesMade = 1, AudioMilliseconds = 1, Characters = 1, SearchUnits = 1,
        };

        Assert.Equal((175L, 336L, 511L), (usage.TotalInput, usage.TotalOutput, usage.Total));
    }

    [Fact]
    public void A_sum_that_overflows_throws_and_never_turns_negative()
    {
        var usage = new TokenUsage { UncachedInput = long.MaxValue, CacheRead = 1 };
        Assert.Throws<OverflowException>(() => usage.TotalInput);
        Assert.Throws<OverflowException>(() => new TokenUsage { Output = long.MaxValue, AudioOutput = 1 }.TotalOutput);
        Assert.Throws<OverflowException>(() => new TokenUsage { UncachedInput = long.MaxValue, Output = 1 }.Total);
    }
}
