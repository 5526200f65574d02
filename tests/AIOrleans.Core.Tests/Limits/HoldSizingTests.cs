using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Tests.Limits;

public sealed class HoldSizingTests
{
    // One token costs 1 000 nano-dollars in, 4 000 out.
    private static readonly ModelPrice Price = new() { Version = "1", Input = new TokenPrice(1_000_000), Output = new TokenPrice(4_000_000) };
    private static readonly ModelBounds Model = new(128_000, 16_384, PricesOf(Price));

    [Fact]
    public void The_worst_case_is_a_token_per_byte_and_the_longest_answer()
    {
        HoldSizes sizes = HoldSizing.Of(Call(2000), Model, null);
        Assert.Equal(2000 + HoldSizing.OverheadTokens + 16_384, sizes.Worst.Tokens);
        Assert.Equal(new NanoUsd((3000 * 1000) + (16_384 * 4000)), sizes.Worst.Cost);
    }

    [Fact]
    public void The_expected_case_is_what_was_learned()
    {
        var estimator = new UsageEstimator();
        estimator.Observe(1000, 200, 64);
        HoldSizes sizes = HoldSizing.Of(Call(2000), Model, estimator);
        Assert.Equal(400 + 64, sizes.Expected.Tokens);
        Assert.Equal(new NanoUsd((400 * 1000) + (64 * 4000)), sizes.Expected.Cost);
    }

    [Theory]
    [InlineData(10L, 10)]
    [InlineData(0L, 0)]
    [InlineData(1_000_000L, 16_384)]
    [InlineData(null, 16_384)]
    public void The_answer_is_bounded_by_the_client_and_by_the_model(long? requested, long outputTokens)
    {
        HoldSizes sizes = HoldSizing.Of(Call(0) with { OutputTokensRequested = requested }, Model, null);
        Assert.Equal(HoldSizing.OverheadTokens + outputTokens, sizes.Worst.Tokens);
    }

    [Fact]
    public void Every_choice_is_held()
    {
        HoldSizes sizes = HoldSizing.Of(Call(0) with { OutputTokensRequested = 100, Choices = 3 }, Model, null);
        Assert.Equal(HoldSizing.OverheadTokens + 300, sizes.Worst.Tokens);
        Assert.Equal(1 + 300, sizes.Expected.Tokens);
    }

    [Fact]
    public void The_input_never_exceeds_the_context()
    {
        Assert.Equal(128_000 + 16_384, HoldSizing.Of(Call(10_000_000), Model, null).Worst.Tokens);
        Assert.Equal(128_000 + 16_384, HoldSizing.Of(Call(0) with { Images = int.MaxValue }, Model, null).Worst.Tokens);
    }

    [Theory]
    [InlineData(100_000, 3, 100_000 + HoldSizing.OverheadTokens)]
    [InlineData(200_000, 3, 200_000 + HoldSizing.OverheadTokens)]
    [InlineData(10_000_000, 3, 3 * 128_000)]
    [InlineData(10_000_000, 1, 128_000)]
    [InlineData(10_000_000, 0, 128_000)]
    [InlineData(10_000_000, int.MaxValue, 10_000_000 + HoldSizing.OverheadTokens)]
    public void Each_input_of_a_list_has_a_context_of_its_own(long inputBytes, int inputs, long inputTokens) =>
        Assert.Equal(inputTokens, HoldSizing.Of(Call(inputBytes) with { Inputs = inputs, OutputTokensRequested = 0 }, Model, null).Worst.Tokens);

    [Fact]
    public void Input_that_the_body_only_refers_to_can_fill_the_context() =>
        Assert.Equal(128_000 + 16_384, HoldSizing.Of(Call(10) with { ReadsMore = true }, Model, null).Worst.Tokens);

    [Fact]
    public void Each_image_adds_the_most_that_one_can_cost() =>
        Assert.Equal(
            10 + HoldSizing.TokensPerImageMax + HoldSizing.OverheadTokens + 16_384, HoldSizing.Of(Call(10) with { Images = 1 }, Model, null).Worst.Tokens);

    [Fact]
    public void An_unpriced_model_costs_nothing() =>
        Assert.Equal(NanoUsd.Zero, HoldSizing.Of(Call(10), Model with { Prices = PricesOf(null) }, null).Worst.Cost);

    [Fact]
    public void The_expected_case_is_never_above_the_worst_and_never_under_one_token()
    {
        var random = new Random(5);
        for (int i = 0; i < 10_000; i++)
        {
            var estimator = new UsageEstimator();
            estimator.Observe(random.Next(10_000), random.Next(100_000), random.Next(100_000));
            long? requested = random.Next(2) == 0 ? null : random.Next(20_000);
            var call = new CallShape(random.Next(1_000_000), random.Next(3), random.Next(2) == 0, requested, random.Next(5), Inputs: random.Next(4));
            var model = new ModelBounds(random.Next(200_000), random.Next(20_000), PricesOf(Price));
            HoldSizes sizes = HoldSizing.Of(call, model, i % 3 == 0 ? null : estimator);
            Assert.InRange(sizes.Expected.Tokens, 1, sizes.Worst.Tokens);
            Assert.InRange(sizes.Expected.Cost.Value, 1, sizes.Worst.Cost.Value);
        }
    }

    [Fact]
    public void The_dearest_deployment_and_service_are_held()
    {
        ModelPrice dear = Price with { Output = new TokenPrice(6_000_000), Priority = new PriceSheet { Output = new TokenPrice(9_000_000) } };
        ModelBounds model = Model with { Prices = new ModelPrices([new("a", "m", 1, 0), new("b", "m", 1, 0)], [Price, dear]) };
        CallShape call = Call(0) with { OutputTokensRequested = 1_000 };

        Assert.Equal(new NanoUsd((1000 * 1000) + (1000 * 9000)), HoldSizing.Of(call, model, null).Worst.Cost);
        Assert.Equal(new NanoUsd((1000 * 1000) + (1000 * 6000)), HoldSizing.Of(call with { Service = ServiceTier.Standard }, model, null).Worst.Cost);
        Assert.Equal(new NanoUsd((1000 * 1000) + (1000 * 6000)), HoldSizing.Of(call with { Service = ServiceTier.Flex }, model, null).Worst.Cost);
    }

    [Fact]
    public void Inputs_that_are_read_one_by_one_fill_a_context_each() =>
        Assert.Equal((3 * 128_000) + 16_384, HoldSizing.Of(Call(10_000_000) with { Inputs = 3 }, Model, null).Worst.Tokens);

    [Fact]
    public void Units_are_held_at_their_most_and_expected_as_they_will_probably_be()
    {
        ModelPrice price = new()
        {
            Version = "1", Input = default(TokenPrice), Output = default(TokenPrice), PerAudioMinute = new NanoUsd(6_000_000),
            PerImageOutput = new NanoUsd(40), PerMillionCharacters = new TokenPrice(15_000_000), PerSearchUnit = new NanoUsd(2_000_000),
        };
        CallShape call = Call(10) with
        {
            Units = new UsageUnits { AudioMilliseconds = 600_001, ImagesMade = 3, Characters = 10, SearchUnits = 2 },
            LikelyUnits = new UsageUnits { AudioMilliseconds = 700_000, ImagesMade = 1, Characters = 10, SearchUnits = 1 },
        };
        ModelBounds model = new(1, 1, PricesOf(price));

        Assert.Equal(new NanoUsd(60_000_100 + 120 + 150_000 + 4_000_000), HoldSizing.Of(call, model, null).Worst.Cost);
        Assert.Equal(new NanoUsd(60_000_100 + 40 + 150_000 + 2_000_000), HoldSizing.Of(call, model, null).Expected.Cost);
        Assert.Equal(new NanoUsd(6_000_000 + 120 + 150_000 + 4_000_000), HoldSizing.Of(call, model with { AudioSecondsMax = 60 }, null).Worst.Cost);
    }

    private static ModelPrices PricesOf(ModelPrice? price) => new([new RouteConfig("openai", "m", 1, 0)], [price]);

    private static CallShape Call(long inputBytes) => new(inputBytes, 0, false, null, 1);
}
