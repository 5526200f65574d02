using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Core.Tests.Configuration;

public sealed class PriceJsonTests
{
    private const string OneOfEach = """
        { "inputPerMillion": 1.25, "outputPerMillion": 10, "reasoningPerMillion": 3, "perImage": 0.002,
          "above200k": { "inputPerMillion": 2.5 }, "above32k": { "outputPerMillion": 11 },
          "batch": { "outputPerMillion": 5, "above200k": { "outputPerMillion": 7.5 } }, "priority": { "inputPerMillion": 2 }, "flex": { "perRequest": 0 } }
        """;

    [Fact]
    public void Reads_tiers_and_services()
    {
        ModelPrice price = Assert.Single(Read(OneOfEach).Points).Price;

        Assert.Equal([32_000L, 200_000], price.Tiers.Select(tier => tier.AbovePromptTokens));
        Assert.Equal(2_500_000, price.Tiers[1].Rates.Input?.MicroUsdPerMillion);
        Assert.Equal(7_500_000, price.Batch?.Tiers[0].Rates.Output?.MicroUsdPerMillion);
        Assert.Equal(2_000_000, price.Priority?.Input?.MicroUsdPerMillion);
        Assert.Equal(NanoUsd.Zero, price.Flex?.PerRequest);
        Assert.Equal((3_000_000L, 2_000_000L), (price.Reasoning?.MicroUsdPerMillion, price.PerImage?.Value));
    }

    [Fact]
    public void Reads_a_list_in_any_order_with_days_and_instants()
    {
        PriceSchedule schedule = Read("""
            [ { "effectiveFrom": "2027-01-31T02:00:00+02:00", "inputPerMillion": 3, "outputPerMillion": 3 }, { "inputPerMillion": 1, "outputPerMillion": 1 },
              { "effectiveFrom": "2026-12-24", "inputPerMillion": 2, "outputPerMillion": 2 } ]
            """);

        Assert.Equal(
            [(PriceSchedule.Ever, 1_000_000L), (At(2026, 12, 24), 2_000_000), (At(2027, 1, 31), 3_000_000)],
            schedule.Points.Select(point => (point.From, point.Price.Input?.MicroUsdPerMillion ?? 0)));
    }

    [Theory]
    [InlineData(OneOfEach)]
    [InlineData("""{ "effectiveFrom": "2027-01-31", "inputPerMillion": 3, "outputPerMillion": 3 }""")]
    [InlineData("""[ { "inputPerMillion": 1, "outputPerMillion": 1 }, { "effectiveFrom": "2027-01-31", "inputPerMillion": 3, "outputPerMillion": 3 } ]""")]
    public void A_stored_record_has_the_same_prices(string price)
    {
        var directory = TestDirectory.Of(FileWith(price));
        PriceSchedule stored = Assert.IsType<PriceSchedule>(directory.Snapshot.Models["gpt-4o"].Price);

        Assert.Equal(Shown(Read(price)), Shown(stored));
        Assert.Empty(directory.ApplyFile(FileWith(price)));
    }

    [Fact]
    public void The_version_of_a_plain_price_is_what_it_was_before_there_were_tiers()
    {
        // Usage events of earlier releases name it.
        ModelPrice price = Assert.Single(Read("""{ "inputPerMillion": 2.5, "cachedInputPerMillion": 1.25, "outputPerMillion": 10, "perRequest": 0.001 }""").Points).Price;
        Assert.Equal("""{"inputPerMillion":2.5,"cachedInputPerMillion":1.25,"outputPerMillion":10,"perRequest":0.001}""", PriceJson.TextOf(price));
        Assert.Equal("p-87bff55d1db3", price.Version);
    }

    [Theory]
    [InlineData("""{ "perAudioMinute": 0.006 }""", """{"inputPerMillion":0,"outputPerMillion":0,"perAudioMinute":0.006}""")]
    [InlineData("""{ "perSearchUnit": 0.002, "inputPerMillion": 1 }""", """{"inputPerMillion":1,"outputPerMillion":0,"perSearchUnit":0.002}""")]
    [InlineData("""{ "perMillionCharacters": 15 }""", """{"inputPerMillion":0,"outputPerMillion":0,"perMillionCharacters":15}""")]
    [InlineData(
        """{ "imageOutputPerMillion": 40, "imageInputPerMillion": 10, "inputPerMillion": 5, "outputPerMillion": 5, "perImageOutput": 0.04 }""",
        """{"inputPerMillion":5,"outputPerMillion":5,"imageInputPerMillion":10,"imageOutputPerMillion":40,"perImageOutput":0.04}""")]
    public void What_is_charged_by_the_piece_needs_no_price_of_tokens(string price, string numbers) =>
        Assert.Equal(numbers, PriceJson.TextOf(Assert.Single(Read(price).Points).Price));

    [Fact]
    public void Two_prices_of_one_instant_are_a_mistake() =>
        Assert.Equal(
            ["$.models[0].price[1]: is in force from the same instant as $.models[0].price[0]; give each its own effectiveFrom."],
            ConfigText.Mistakes(FileWith("""[ { "inputPerMillion": 1, "outputPerMillion": 1 }, { "inputPerMillion": 2, "outputPerMillion": 1 } ]""")));

    [Fact]
    public void An_empty_list_is_a_mistake() =>
        Assert.Equal(["$.models[0].price: must have 1 to 64 prices."], ConfigText.Mistakes(FileWith("[]")));

    [Fact]
    public void Only_one_mistake_is_told_of_an_instant_that_is_none() =>
        Assert.Equal(
            ["$.models[0].price[1].effectiveFrom: must be a day such as 2027-01-31, or an instant with its offset such as 2027-01-31T00:00:00Z."],
            ConfigText.Mistakes(FileWith("""[ { "inputPerMillion": 1, "outputPerMillion": 1 }, { "effectiveFrom": "soon", "inputPerMillion": 2, "outputPerMillion": 1 } ]""")));

    [Fact]
    public void A_damaged_stored_price_is_named() =>
        Assert.Equal("A stored price cannot be read: $.inputPerMillion: is missing.", Assert.Throws<FormatException>(() => PriceJson.Parse("{\"outputPerMillion\":1}")).Message);

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<(DateTimeOffset, string)> Shown(PriceSchedule schedule) => schedule.Points.Select(point => (point.From, point.Price.Version));

    private static PriceSchedule Read(string price) => ConfigText.Accepted(FileWith(price)).Models.Single().Price ?? PriceSchedule.Empty;

    private static string FileWith(string price) => $$"""
        { "providers": [ { "name": "sim", "kind": "simulated" } ],
          "models": [ { "name": "gpt-4o", "routes": [ { "provider": "sim", "model": "m" } ], "price": {{price}}, "contextTokensMax": 1000, "outputTokensMax": 1000 } ] }
        """;
}
