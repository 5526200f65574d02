using AIOrleans.Chaos.Company;

namespace AIOrleans.Chaos.Tests;

public sealed class PriceTests
{
    private static readonly Price Swift = ChatModel.Of("swift").Price;

    [Fact]
    public void Rounds_up_once() => Assert.Equal(788, Swift.CostNano(uncachedInput: 1, cachedInput: 1, output: 1));

    [Theory]
    [InlineData(1_733, 0)]
    [InlineData(1_733, 1)]
    [InlineData(1_099, 299)]
    public void Tells_the_output_of_a_hold_from_its_cost(long input, long output) =>
        Assert.Equal(output, Swift.OutputOf(input + output, Swift.CostNano(input, 0, output)));
}
