using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using FsCheck;
using FsCheck.Fluent;

namespace AIOrleans.Core.Tests.Money;

/// <summary>A price, a usage and the service that it was served with.</summary>
public sealed record PricedCall(ModelPrice Price, TokenUsage Usage, ServiceTier Service);

/// <summary>Prices and usages of every shape: tiers that cross, services with tiers of their own, classes that are dearer than input or free.</summary>
internal static class PriceGens
{
    /// <summary>Thresholds that generated tiers have.</summary>
    public static readonly long[] Thresholds = [1_000, 128_000, 200_000];

    private static readonly Gen<TokenPrice?> SomeRate = Gen.Frequency((2, Gen.Constant<TokenPrice?>(null)), (3, Rate().Select(rate => (TokenPrice?)rate)));

    private static readonly Gen<NanoUsd?> SomeFee =
        Gen.Frequency((3, Gen.Constant<NanoUsd?>(null)), (1, Gen.Choose(0, 5_000_000).Select(nano => (NanoUsd?)new NanoUsd(nano))));

    private static readonly Gen<PriceRates> Rates =
        from classes in SomeRate.ArrayOf(11)
        from image in SomeFee
        from request in SomeFee
        from pieces in SomeFee.ArrayOf(3)
        select new PriceRates
        {
            Input = classes[0], Output = classes[1], CachedInput = classes[2], CacheWrite5m = classes[3], CacheWrite1h = classes[4],
            AudioInput = classes[5], AudioOutput = classes[6], Reasoning = classes[7], PerImage = image, PerRequest = request,
            ImageInput = classes[8], ImageOutput = classes[9], PerMillionCharacters = classes[10],
            PerImageOutput = pieces[0], PerAudioMinute = pieces[1], PerSearchUnit = pieces[2],
        };

    // A tier or a service says at least something.
    private static readonly Gen<PriceRates> SaidRates =
        from rates in Rates
        from output in Rate()
        select rates.Output is null && rates.Input is null ? rates with { Output = output } : rates;

    private static readonly Gen<PriceTier[]> Tiers =
        from chosen in Gen.SubListOf(Thresholds)
        from rates in SaidRates.ArrayOf(chosen.Count)
        select chosen.Order().Zip(rates, (above, tier) => new PriceTier(above, tier)).ToArray();

    private static readonly Gen<PriceSheet> Sheet =
        from rates in SaidRates
        from tiers in Tiers
        select SheetOf(rates, tiers);

    private static readonly Gen<PriceSheet?> SomeSheet = Gen.Frequency((1, Gen.Constant<PriceSheet?>(null)), (1, Sheet.Select(sheet => (PriceSheet?)sheet)));

    public static Gen<ModelPrice> Price { get; } =
        from standard in Sheet
        from input in Rate()
        from output in Rate()
        from services in SomeSheet.ArrayOf(3)
        select Named(new ModelPrice(standard)
        {
            Version = "", Input = standard.Input ?? input, Output = standard.Output ?? output,
            Batch = services[0], Priority = services[1], Flex = services[2],
        });

    public static Gen<ServiceTier> Service { get; } = Gen.Elements(Enum.GetValues<ServiceTier>());

    /// <summary>From nothing to prompts beyond every threshold, and exactly on each.</summary>
    public static Gen<long> Tokens { get; } = Gen.OneOf(
        Gen.Choose(0, 10).Select(n => (long)n),
        Gen.Choose(0, 300_000).Select(n => (long)n),
        from threshold in Gen.Elements(Thresholds)
        from beside in Gen.Choose(-1, 1)
        select threshold + beside);

    public static Gen<TokenUsage> Usage { get; } =
        from classes in Tokens.ArrayOf(13)
        from kept in Gen.Elements(true, false).ArrayOf(13)
        from reasoning in Gen.Choose(0, 100)
        from images in Gen.Choose(0, 5)
        select UsageOf([.. classes.Zip(kept, (tokens, isKept) => isKept ? tokens : 0)], reasoning, images);

    public static Gen<PricedCall> Call { get; } =
        from price in Price
        from usage in Usage
        from service in Service
        select new PricedCall(price, usage, service);

    /// <summary>Fails with the smallest case found that breaks the rule.</summary>
    public static void Check<T>(Gen<T> cases, Func<T, bool> holds, int count = 400) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(cases.ToArbitrary(), holds));

    // Free, a pico-dollar a token, and up to a hundred dollars a million.
    private static Gen<TokenPrice> Rate() =>
        Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 100_000_000)).Select(micro => new TokenPrice(micro));

    private static PriceSheet SheetOf(PriceRates rates, PriceTier[] tiers) => new(rates) { Tiers = [.. tiers] };

    private static ModelPrice Named(ModelPrice price) => price with { Version = PriceJson.VersionOf(price) };

    private static TokenUsage UsageOf(long[] classes, int reasoningPercent, int images) => new()
    {
        UncachedInput = classes[0], CacheRead = classes[1], CacheWrite5m = classes[2], CacheWrite1h = classes[3], AudioInput = classes[4],
        Output = classes[5], Reasoning = classes[5] * reasoningPercent / 100, AudioOutput = classes[6], Images = images,
        ImageInput = classes[7], ImageOutput = classes[8], ImagesMade = classes[9], AudioMilliseconds = classes[10], Characters = classes[11], SearchUnits = classes[12],
    };
}
