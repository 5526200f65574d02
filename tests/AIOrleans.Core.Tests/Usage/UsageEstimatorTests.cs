using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Tests.Usage;

public sealed class UsageEstimatorTests
{
    [Fact]
    public void Before_it_has_seen_anything_it_guesses()
    {
        var estimator = new UsageEstimator();
        Assert.Equal(250, estimator.InputTokens(1000));
        Assert.Equal(500, estimator.OutputTokens());
    }

    [Fact]
    public void Never_estimates_less_than_one_token()
    {
        var estimator = new UsageEstimator();
        Assert.Equal(1, estimator.InputTokens(0));
        estimator.Observe(1000, 0, 0);
        Assert.Equal(1, estimator.InputTokens(1000));
        Assert.Equal(1, estimator.OutputTokens());
    }

    [Fact]
    public void The_first_observation_replaces_the_guess_and_later_ones_move_it()
    {
        var estimator = new UsageEstimator();
        estimator.Observe(1000, 500, 10);
        Assert.Equal(500, estimator.InputTokens(1000));
        estimator.Observe(1000, 1000, 10);
        Assert.Equal(550, estimator.InputTokens(1000));
    }

    [Fact]
    public void A_change_of_prompts_is_followed_within_twenty_calls()
    {
        var estimator = new UsageEstimator();
        Repeat(100, () => estimator.Observe(1000, 100, 10));
        Repeat(20, () => estimator.Observe(1000, 400, 10));
        Assert.InRange(estimator.InputTokens(1000), 350, 400);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(16_384)]
    [InlineData(1_000_000)]
    public void The_output_estimate_lies_at_most_a_fifth_above_the_truth(long outputTokens)
    {
        var estimator = new UsageEstimator();
        Repeat(50, () => estimator.Observe(100, 10, outputTokens));
        Assert.InRange(estimator.OutputTokens(), outputTokens, Math.Max(outputTokens + 1, outputTokens * 6 / 5));
    }

    [Fact]
    public void About_one_answer_in_twenty_is_longer_than_the_estimate()
    {
        var estimator = new UsageEstimator();
        var random = new Random(3);
        long[] seen = [.. Enumerable.Range(0, 900).Select(_ => random.NextInt64(1, 2000))];
        Array.ForEach(seen, tokens => estimator.Observe(100, 10, tokens));
        Assert.InRange(seen.Count(tokens => tokens > estimator.OutputTokens()), 0, 45);
        Assert.InRange(estimator.OutputTokens(), 1850, 2400);
    }

    [Fact]
    public void Old_answers_fade()
    {
        var estimator = new UsageEstimator();
        Repeat(5000, () => estimator.Observe(100, 10, 10_000));
        Repeat(10_000, () => estimator.Observe(100, 10, 100));
        Assert.InRange(estimator.OutputTokens(), 100, 120);
    }

    [Fact]
    public void Absurdly_large_usage_does_not_overflow()
    {
        var estimator = new UsageEstimator();
        estimator.Observe(1, long.MaxValue, long.MaxValue);
        Assert.InRange(estimator.InputTokens(long.MaxValue), 1, long.MaxValue);
        Assert.InRange(estimator.OutputTokens(), 1, 20_000_000);
    }

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }
}
