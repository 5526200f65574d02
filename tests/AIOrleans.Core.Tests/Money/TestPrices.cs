using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Tests.Money;

/// <summary>Prices and aliases that differ in one number.</summary>
internal static class TestPrices
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Input at so many micro-dollars per million, output at twice that.</summary>
    public static ModelPrice Of(long micro)
    {
        var price = new ModelPrice { Version = "", Input = new TokenPrice(micro), Output = new TokenPrice(2 * micro) };
        return price with { Version = PriceJson.VersionOf(price) };
    }

    /// <summary>An alias with routes written as <c>provider/model</c>.</summary>
    public static ModelConfig Alias(string name, PriceSchedule? price, params string[] routes) => new(
        name,
        [.. routes.Select(route => new RouteConfig(route[..route.IndexOf('/', StringComparison.Ordinal)], route[(route.IndexOf('/', StringComparison.Ordinal) + 1)..], 1, 0))],
        price, AllowUnpriced: false, ContextTokensMax: 1000, OutputTokensMax: 1000);

    /// <summary>A book into which these lines were written in this order.</summary>
    public static PriceBook Book(params (string Model, DateTimeOffset From, ModelPrice Price)[] imported) =>
        Written(PriceBook.Empty, [.. imported.Select(line => new PriceRecord(0, new PriceName(PriceSource.Import, line.Model), line.From, line.Price, Now))]);

    public static PriceBook Written(PriceBook book, IReadOnlyList<PriceRecord> records) =>
        book.With([.. records.Select((record, i) => record with { Sequence = book.Sequence + 1 + i })]);
}
