using System.Numerics;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using FsCheck.Fluent;

namespace AIOrleans.Core.Tests.Money;

public sealed class PricingPropertyTests
{
    [Fact]
    public void No_usage_costs_less_than_nothing() => PriceGens.Check(PriceGens.Call, call => call.Price.CostOf(call.Usage, call.Service).Value >= 0);

    [Fact]
    public void The_hold_of_an_open_choice_covers_every_usage_within_its_bounds_whatever_tier_and_service_it_falls_in() =>
        PriceGens.Check(
            from call in PriceGens.Call
            from spareInput in PriceGens.Tokens
            from spareOutput in PriceGens.Tokens
            select (call, spareInput, spareOutput),
            drawn =>
            {
                (PricedCall call, long spareInput, long spareOutput) = drawn;
                NanoUsd held = call.Price.WorstCostOf(call.Usage.TotalInput + spareInput, call.Usage.TotalOutput + spareOutput, call.Usage.ToUnits());
                return held >= call.Price.CostOf(call.Usage, call.Service);
            });

    [Fact]
    public void The_hold_of_a_service_that_was_asked_for_covers_it_and_the_standard_one() =>
        PriceGens.Check(PriceGens.Call, call =>
        {
            NanoUsd held = call.Price.WorstCostOf(call.Usage.TotalInput, call.Usage.TotalOutput, call.Usage.ToUnits(), call.Service);
            return held >= call.Price.CostOf(call.Usage, call.Service) && held >= call.Price.CostOf(call.Usage);
        });

    [Fact]
    public void A_larger_bound_never_holds_less() =>
        PriceGens.Check(
            from price in PriceGens.Price
            from sizes in PriceGens.Tokens.ArrayOf(4)
            select (price, sizes),
            drawn =>
            {
                (ModelPrice price, long[] sizes) = drawn;
                UsageUnits units = new() { Images = 1, AudioMilliseconds = sizes[0] };
                UsageUnits more = new() { Images = 1, AudioMilliseconds = sizes[0] + sizes[1], ImagesMade = 2, Characters = sizes[2], SearchUnits = sizes[3] };
                return price.WorstCostOf(sizes[0] + sizes[2], sizes[1] + sizes[3], units) >= price.WorstCostOf(sizes[0], sizes[1], units)
                    && price.WorstCostOf(sizes[0], sizes[1], more) >= price.WorstCostOf(sizes[0], sizes[1], units);
            });

    [Fact]
    public void More_tokens_of_any_class_never_cost_less_within_a_tier() =>
        PriceGens.Check(
            from call in PriceGens.Call
            from more in PriceGens.Usage
            select (call, more),
            drawn =>
            {
                (PricedCall call, TokenUsage more) = drawn;
                TokenUsage sum = Sum(call.Usage, more);
                bool isSameTier = call.Price.TierOf(sum.TotalInput, call.Service) == call.Price.TierOf(call.Usage.TotalInput, call.Service);

                // Reasoning that is cheaper than other output makes no token negative, so it is part of what is compared.
                return !isSameTier || call.Price.CostOf(sum, call.Service) >= call.Price.CostOf(call.Usage, call.Service);
            });

    [Fact]
    public void The_whole_request_is_priced_at_its_tier_exactly_and_rounded_up_once() =>
        PriceGens.Check(PriceGens.Call, call => call.Price.CostOf(call.Usage, call.Service).Value == Reckoned(call));

    [Fact]
    public void A_price_read_back_has_the_same_name_and_charges_the_same() =>
        PriceGens.Check(PriceGens.Call, call =>
        {
            ModelPrice stored = PriceJson.Parse(PriceJson.TextOf(call.Price));
            return stored.Version == call.Price.Version && stored.CostOf(call.Usage, call.Service) == call.Price.CostOf(call.Usage, call.Service);
        });

    [Fact]
    public void The_dearest_deployment_covers_every_other() =>
        PriceGens.Check(
            from one in PriceGens.Call
            from other in PriceGens.Price
            select (one, other),
            drawn =>
            {
                (PricedCall call, ModelPrice other) = drawn;
                var prices = new ModelPrices([new("a", "m", 1, 0), new("b", "m", 1, 0), new("c", "m", 1, 0)], [other, null, call.Price]);
                return prices.WorstCostOf(call.Usage.TotalInput, call.Usage.TotalOutput, call.Usage.ToUnits(), null) >= call.Price.CostOf(call.Usage, call.Service);
            });

    /// <summary>The same cost in other words: big integers, one class after the other, no rounding before the end.</summary>
    private static BigInteger Reckoned(PricedCall call)
    {
        PriceSheet? sheet = call.Service switch
        {
            ServiceTier.Batch => call.Price.Batch,
            ServiceTier.Priority => call.Price.Priority,
            ServiceTier.Flex => call.Price.Flex,
            _ => null,
        };
        long? Rate(Func<PriceRates, long?> rateOf)
        {
            long? InTiers(PriceSheet? tiered) => tiered?.Tiers.Where(tier => tier.AbovePromptTokens < call.Usage.TotalInput)
                .OrderByDescending(tier => tier.AbovePromptTokens).Select(tier => rateOf(tier.Rates)).FirstOrDefault(rate => rate is not null);
            long? ofService = sheet is null ? null : rateOf(sheet);
            long? ofTier = InTiers(call.Price);
            return InTiers(sheet) ?? (ofTier is null ? ofService ?? rateOf(call.Price) : new[] { ofTier, ofService }.Max());
        }

        long input = Rate(rates => rates.Input?.MicroUsdPerMillion)!.Value; // ! Generated prices say it.
        long output = Rate(rates => rates.Output?.MicroUsdPerMillion)!.Value; // ! Likewise.
        long write5m = Rate(rates => rates.CacheWrite5m?.MicroUsdPerMillion) ?? input;
        TokenUsage usage = call.Usage;
        BigInteger pico = (BigInteger)usage.UncachedInput * input;
        pico += (BigInteger)usage.CacheRead * (Rate(rates => rates.CachedInput?.MicroUsdPerMillion) ?? input);
        pico += (BigInteger)usage.CacheWrite5m * write5m;
        pico += (BigInteger)usage.CacheWrite1h * (Rate(rates => rates.CacheWrite1h?.MicroUsdPerMillion) ?? write5m);
        pico += (BigInteger)usage.AudioInput * (Rate(rates => rates.AudioInput?.MicroUsdPerMillion) ?? input);
        pico += (BigInteger)(usage.Output - usage.Reasoning) * output;
        pico += (BigInteger)usage.Reasoning * (Rate(rates => rates.Reasoning?.MicroUsdPerMillion) ?? output);
        pico += (BigInteger)usage.AudioOutput * (Rate(rates => rates.AudioOutput?.MicroUsdPerMillion) ?? output);
        pico += (BigInteger)usage.Images * (Rate(rates => rates.PerImage?.Value) ?? 0) * 1000;
        pico += (BigInteger)(Rate(rates => rates.PerRequest?.Value) ?? 0) * 1000;
        pico += (BigInteger)usage.ImageInput * (Rate(rates => rates.ImageInput?.MicroUsdPerMillion) ?? input);
        pico += (BigInteger)usage.ImageOutput * (Rate(rates => rates.ImageOutput?.MicroUsdPerMillion) ?? output);
        pico += (BigInteger)usage.ImagesMade * (Rate(rates => rates.PerImageOutput?.Value) ?? 0) * 1000;
        pico += (BigInteger)usage.Characters * (Rate(rates => rates.PerMillionCharacters?.MicroUsdPerMillion) ?? 0);
        pico += (BigInteger)usage.SearchUnits * (Rate(rates => rates.PerSearchUnit?.Value) ?? 0) * 1000;

        // Nano-dollars a minute by the millisecond, over one denominator with all the rest.
        BigInteger audio = (BigInteger)usage.AudioMilliseconds * (Rate(rates => rates.PerAudioMinute?.Value) ?? 0);
        return BigInteger.Divide((pico * 60) + audio + 59_999, 60_000);
    }

    private static TokenUsage Sum(TokenUsage left, TokenUsage right) => new()
    {
        UncachedInput = left.UncachedInput + right.UncachedInput,
        CacheRead = left.CacheRead + right.CacheRead,
        CacheWrite5m = left.CacheWrite5m + right.CacheWrite5m,
        CacheWrite1h = left.CacheWrite1h + right.CacheWrite1h,
        AudioInput = left.AudioInput + right.AudioInput,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
        AudioOutput = left.AudioOutput + right.AudioOutput,
        Images = left.Images + right.Images,
        ImageInput = left.ImageInput + right.ImageInput,
        ImageOutput = left.ImageOutput + right.ImageOutput,
        ImagesMade = left.ImagesMade + right.ImagesMade,
        AudioMilliseconds = left.AudioMilliseconds + right.AudioMilliseconds,
        Characters = left.Characters + right.Characters,
        SearchUnits = left.SearchUnits + right.SearchUnits,
    };
}
