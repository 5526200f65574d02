using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Core.Money.LiteLlm;
using static AIOrleans.Core.Tests.Money.TestPrices;

namespace AIOrleans.Core.Tests.Money.LiteLlm;

public sealed class LiteLlmPricesTests
{
    private static readonly PriceList List = Read(Text());

    [Theory]
    [InlineData("plain", """{"inputPerMillion":2.5,"outputPerMillion":10}""")]
    [InlineData("azure/in-words", """{"inputPerMillion":2.5,"outputPerMillion":10}""")]
    [InlineData(
        "everything",
        """
        {"inputPerMillion":1.25,"cachedInputPerMillion":0.125,"outputPerMillion":10,"cacheWrite5mPerMillion":1.5,"cacheWrite1hPerMillion":2.5,
        "audioInputPerMillion":40,"audioOutputPerMillion":80,"perRequest":0.005,"reasoningPerMillion":3,"perImage":0.00032875,
        "above128k":{"inputPerMillion":2},"above200k":{"inputPerMillion":2.5,"outputPerMillion":15,"cacheWrite1hPerMillion":5},
        "batch":{"inputPerMillion":0.625,"outputPerMillion":5},"priority":{"inputPerMillion":2.2,"above200k":{"inputPerMillion":4.4}},"flex":{"outputPerMillion":4}}
        """)]
    [InlineData("searching", """{"inputPerMillion":1,"outputPerMillion":2}""")]
    [InlineData("embedding", """{"inputPerMillion":0.02,"outputPerMillion":0}""")]
    [InlineData("gratis", """{"inputPerMillion":0,"outputPerMillion":0}""")]
    [InlineData("cheap-images", """{"inputPerMillion":1,"outputPerMillion":2}""")]
    [InlineData("by-the-second", """{"inputPerMillion":0,"outputPerMillion":0,"perAudioMinute":0.006}""")]
    [InlineData("by-both-seconds", """{"inputPerMillion":0,"outputPerMillion":0,"perAudioMinute":0.006}""")]
    [InlineData("by-the-query", """{"inputPerMillion":0,"outputPerMillion":0,"perSearchUnit":0.002}""")]
    [InlineData("by-the-character", """{"inputPerMillion":0,"outputPerMillion":0,"perMillionCharacters":15}""")]
    [InlineData("by-the-image", """{"inputPerMillion":0,"outputPerMillion":0,"perImageOutput":0.04}""")]
    [InlineData("by-image-tokens", """{"inputPerMillion":5,"cachedInputPerMillion":1.25,"outputPerMillion":40,"imageInputPerMillion":10,"imageOutputPerMillion":40}""")]
    public void Reads_prices_exactly(string model, string price) =>
        Assert.Equal(price.ReplaceLineEndings(""), PriceJson.TextOf(List.Prices.Single(listed => listed.Model == model).Price));

    [Theory]
    [InlineData("dear-images", "output_cost_per_image_token: such tokens cost more than others, and the gateway cannot tell them apart")]
    [InlineData("by-the-pixel", "charged by output_cost_per_pixel, which the gateway does not count")]
    [InlineData("seconds-of-a-chat", "charged by input_cost_per_second, which the gateway does not count")]
    [InlineData("third-of-a-cent", "input_cost_per_second is too fine: fees are whole nano-dollars")]
    [InlineData("without-output", "no output_cost_per_token")]
    [InlineData("without-price", "no price")]
    [InlineData("in-ranges", "tiered_pricing has ranges of its own, which the gateway does not charge by")]
    [InlineData("negative", "input_cost_per_token is negative")]
    [InlineData("too-fine", "input_cost_per_token is too fine: prices are whole micro-dollars per million tokens")]
    [InlineData("far-too-fine", "input_cost_per_token is too fine to be charged exactly")]
    [InlineData("no-number", "input_cost_per_token is no number")]
    [InlineData("absurd", "input_cost_per_token is absurdly large")]
    [InlineData("no-object", "is no object")]
    public void Skips_what_cannot_be_charged_exactly_and_says_why(string model, string reason) =>
        Assert.Equal(reason, List.Skipped.Single(skipped => skipped.Model == model).Reason);

    [Fact]
    public void Every_model_is_read_or_skipped_and_the_sample_is_none()
    {
        using JsonDocument document = JsonDocument.Parse(Text());
        Assert.Equal(
            document.RootElement.EnumerateObject().Select(property => property.Name).Where(name => name != "sample_spec").Order(StringComparer.Ordinal),
            List.Prices.Select(listed => listed.Model).Concat(List.Skipped.Select(skipped => skipped.Model)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tells_what_the_list_charges_and_the_gateway_does_not()
    {
        Assert.Equal(["not charged: code_interpreter_cost_per_session, search_context_cost_per_query"], NotesOf("searching"));
        Assert.Equal(["free"], NotesOf("gratis"));
        Assert.Empty(NotesOf("everything"));
        Assert.Empty(NotesOf("cheap-images"));
        Assert.Equal(["not charged: input_cost_per_image"], NotesOf("by-image-tokens"));
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("[]", "must be an object with one property for each model.")]
    [InlineData("{ \"a\": }", "is not valid JSON at line 1, column 8: '}' is an invalid start of a value.")]
    [InlineData("{ \"a\": { \"mode\": \"\\ud800\" } }", "has a text that is broken Unicode.")]
    public void A_text_that_is_no_list_is_refused(string json, string mistake) =>
        Assert.Equal(mistake, Assert.IsType<PriceListResult.Refused>(LiteLlmPrices.Read(json)).Mistake);

    [Fact]
    public void Of_two_models_with_one_name_the_later_counts()
    {
        PriceList list = Read("""
            { "m": { "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 }, "m": { "input_cost_per_token": 3e-6, "output_cost_per_token": 1e-6 } }
            """);
        Assert.Equal(3_000_000, Assert.Single(list.Prices).Price.Input?.MicroUsdPerMillion);
    }

    [Fact]
    public void An_import_tells_new_changed_and_unchanged_and_keeps_the_history()
    {
        PriceImport first = PriceChanges.OfList(PriceBook.Empty, List, Now, Now);
        PriceBook book = Written(PriceBook.Empty, first.Records);
        PriceList changed = Read(Text().Replace("2.5e-06, \"output_cost_per_token\": 1E-5", "3e-06, \"output_cost_per_token\": 1E-5", StringComparison.Ordinal));
        PriceImport second = PriceChanges.OfList(book, changed, Now.AddDays(1), Now.AddDays(1));

        Assert.Equal((13, 0, 13), (first.Changes.Count, first.Unchanged, first.Skipped.Count));
        ImportedPrice change = Assert.Single(second.Changes);
        Assert.Equal(("plain", 12), (change.Model, second.Unchanged));
        PriceSchedule history = Written(book, second.Records).Schedules[new PriceName(PriceSource.Import, "plain")];
        Assert.Equal([(Now, change.Before), (Now.AddDays(1), change.Version)], history.Points.Select(point => (point.From, (string?)point.Price.Version)));
    }

    [Fact]
    public void An_import_that_takes_back_a_planned_price_says_so()
    {
        PriceBook book = Book(("plain", Now, Of(1)), ("plain", Now.AddDays(9), Of(2)));
        ImportedPrice change = PriceChanges.OfList(book, List, Now.AddDays(1), Now.AddDays(1)).Changes.Single(change => change.Model == "plain");
        Assert.Equal(["supersedes 1 price with a later effectiveFrom"], change.Notes);
    }

    private static IReadOnlyList<string> NotesOf(string model) => List.Prices.Single(listed => listed.Model == model).Notes;

    private static PriceList Read(string json) => Assert.IsType<PriceListResult.Accepted>(LiteLlmPrices.Read(json)).List;

    private static string Text()
    {
        // ! The project file embeds it.
        using var reader = new StreamReader(typeof(LiteLlmPricesTests).Assembly.GetManifestResourceStream("list.json")!);
        return reader.ReadToEnd();
    }
}
