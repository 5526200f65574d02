using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using static AIOrleans.Core.Tests.Money.TestPrices;

namespace AIOrleans.Core.Tests.Money;

public sealed class PriceBookTests
{
    [Fact]
    public void A_deployment_is_priced_by_the_most_exact_name_that_the_list_has()
    {
        PriceBook book = Book(("azure/gpt", Now, Of(1)), ("gpt", Now, Of(2)), ("chat", Now, Of(3)));
        ModelConfig alias = Alias("chat", null, "azure/gpt", "openai/gpt", "local/llama");

        ModelPrices prices = book.PricesOf(alias, Now);

        Assert.Equal([1L, 2, 3], alias.Routes.Select(route => MicroOf(prices.Of(route))));
        Assert.Null(prices.Unpriced);
        Assert.Equal(Of(3).WorstCostOf(10, 10), prices.WorstCostOf(10, 10, default, null));
    }

    [Fact]
    public void An_aliass_own_price_counts_for_every_deployment_while_it_is_in_force()
    {
        PriceBook book = Book(("azure/gpt", Now, Of(1)));
        ModelConfig alias = Alias("chat", PriceSchedule.Empty.Then(Now.AddHours(1), Of(7)), "azure/gpt", "local/llama");

        Assert.Equal("local/llama", $"{book.PricesOf(alias, Now).Unpriced?.Provider}/{book.PricesOf(alias, Now).Unpriced?.Model}");
        Assert.Equal([7L, 7], alias.Routes.Select(route => MicroOf(book.PricesOf(alias, Now.AddHours(1)).Of(route))));
        Assert.Equal([1L, 0], alias.Routes.Select(route => MicroOf(book.PricesOf(alias, Now).Of(route))));
    }

    [Fact]
    public void The_price_in_force_is_found_at_every_instant_however_they_are_asked_for()
    {
        PriceBook book = Book(("m", Now, Of(1)), ("m", Now.AddHours(2), Of(3)));
        ModelConfig alias = Alias("a", null, "p/m");
        int[] hours = [5, 0, 2, -1, 1, 3, 0, -1, 5];

        Assert.Equal(
            [3L, 1, 3, 0, 1, 3, 1, 0, 3],
            hours.Select(hour => MicroOf(book.PricesOf(alias, Now.AddHours(hour)).Of(alias.Routes[0]))));
    }

    [Fact]
    public void A_later_book_shows_later_prices_and_the_earlier_one_stays()
    {
        ModelConfig alias = Alias("a", null, "p/m");
        PriceBook before = Book(("m", Now, Of(1)));
        PriceBook after = Written(before, [new PriceRecord(0, new PriceName(PriceSource.Import, "m"), Now, Of(2), Now)]);

        Assert.Equal((1L, 2L), (MicroOf(before.PricesOf(alias, Now).Of(alias.Routes[0])), MicroOf(after.PricesOf(alias, Now).Of(alias.Routes[0]))));
        Assert.Equal(2, after.Versions.Count);
        Assert.Equal(2, after.Sequence);
    }

    [Fact]
    public void A_version_that_names_other_numbers_is_refused()
    {
        PriceBook book = Book(("m", Now, Of(1)));
        ModelPrice forged = Of(2) with { Version = Of(1).Version };
        Assert.Throws<InvalidOperationException>(() => Written(book, [new PriceRecord(0, new PriceName(PriceSource.Import, "m"), Now, forged, Now)]));
    }

    [Fact]
    public void Applying_a_configuration_again_adds_nothing_and_an_edit_one_line()
    {
        ModelConfig[] models = [Alias("a", Of(1), "p/m"), Alias("b", null, "p/m")];
        PriceBook book = Written(PriceBook.Empty, PriceChanges.OfConfig(PriceBook.Empty, models, Now));

        Assert.Equal([new PriceName(PriceSource.Config, "a")], book.Schedules.Keys);
        Assert.Empty(PriceChanges.OfConfig(book, models, Now.AddDays(1)));
        PriceRecord line = Assert.Single(PriceChanges.OfConfig(book, [Alias("a", Of(2), "p/m")], Now.AddDays(1)));
        Assert.Equal((Now.AddDays(1), Of(2).Version), (line.From, line.Price.Version));
        Assert.Empty(PriceChanges.OfConfig(book, [], Now.AddDays(1)));
    }

    [Fact]
    public void Charging_and_finding_prices_allocate_nothing()
    {
        ModelPrice price = Of(1) with { Tiers = [new PriceTier(1000, new PriceRates { Input = new TokenPrice(5) })], Priority = new PriceSheet { Output = new TokenPrice(9) } };
        PriceBook book = Book(("m", Now, price));
        ModelConfig alias = Alias("a", null, "p/m");
        var usage = new Core.Usage.TokenUsage { UncachedInput = 5000, Output = 7 };
        NanoUsd Charge()
        {
            ModelPrices prices = book.PricesOf(alias, Now);
            NanoUsd held = prices.WorstCostOf(5000, 7, default, null);
            return held + (prices.Of(alias.Routes[0])?.CostOf(usage, ServiceTier.Priority) ?? NanoUsd.Zero);
        }

        Charge();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Charge();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long MicroOf(ModelPrice? price) => price?.Input?.MicroUsdPerMillion ?? 0;
}
