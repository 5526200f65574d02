using AIOrleans.Core.Money;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Objects;
using AIOrleans.Protocols.OpenAi.Files;

namespace AIOrleans.Host.Tests.Objects;

/// <summary>What a batch costs, and that recomputing the bill from its one event comes to the same.</summary>
public sealed class BatchBillTests
{
    private static readonly BatchWork Work = new("chat", "up", "/v1/chat/completions", 4, 4_000, 400, 0);

    [Fact]
    public void Tokens_are_summed_and_rounded_once()
    {
        // One token is a third of a nano-dollar: three calls of one token are one nano-dollar, not three.
        var bill = new BatchBill(Work, Price(new PriceRates { Input = new TokenPrice(333), Output = new TokenPrice(0) }));
        for (int i = 0; i < 3; i++)
        {
            bill.Add(new BatchOutcome(IsAnswered: true, new TokenUsage { UncachedInput = 1 }, 0));
        }

        Assert.Equal((3, 3L, 1L, null), (bill.Calls, bill.Usage.Total, bill.Cost.Value, bill.CostMax));
        Assert.False(bill.IsEstimate);
    }

    [Fact]
    public void Short_prompts_keep_the_price_of_short_prompts_however_many_there_are()
    {
        ModelPrice price = Price(new PriceRates { Input = new TokenPrice(1_000_000), Output = new TokenPrice(0) }) with
        {
            Batch = new PriceSheet(new PriceRates { Input = new TokenPrice(500_000), Output = new TokenPrice(0) })
            {
                Tiers = [new PriceTier(1_000, new PriceRates { Input = new TokenPrice(5_000_000) })],
            },
        };
        var bill = new BatchBill(Work, price);
        bill.Add(new BatchOutcome(IsAnswered: true, new TokenUsage { UncachedInput = 900 }, 0));
        bill.Add(new BatchOutcome(IsAnswered: true, new TokenUsage { UncachedInput = 900 }, 0));
        bill.Add(new BatchOutcome(IsAnswered: true, new TokenUsage { UncachedInput = 2_000 }, 0));

        // 1,800 tokens at half a micro-dollar, and 2,000 at five.
        Assert.Equal(10_900_000, bill.Cost.Value);
        Assert.Equal(bill.Cost, bill.CostMax);
        Assert.True(price.CostOf(bill.Usage, ServiceTier.Batch) > bill.Cost);
    }

    [Fact]
    public void An_answer_that_does_not_tell_its_usage_is_counted_and_a_failed_call_is_not()
    {
        var bill = new BatchBill(Work, null);
        bill.Add(default);
        bill.Add(new BatchOutcome(IsAnswered: true, null, 20));

        Assert.Equal((1, 1_000L, 20L, true), (bill.Calls, bill.Usage.UncachedInput, bill.Usage.Output, bill.IsEstimate));
        Assert.Equal(NanoUsd.Zero, bill.Cost);
    }

    private static ModelPrice Price(PriceRates rates) => new(new PriceSheet(rates)) { Version = "v1" };
}
