using System.Text.Json;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;

namespace AIOrleans.Management.Views;

/// <summary>A price and when it is in force.</summary>
/// <param name="EffectiveFrom">Null: it always was.</param>
/// <param name="EffectiveUntil">Null: nothing later is known.</param>
/// <param name="Price">In the spelling of the configuration file.</param>
internal sealed record PricePointJson(DateTimeOffset? EffectiveFrom, DateTimeOffset? EffectiveUntil, bool InForce, string Version, JsonElement Price)
{
    public static IReadOnlyList<PricePointJson> AllOf(PriceSchedule schedule, DateTimeOffset now, bool isUsed) =>
        [.. schedule.Points.Select((point, i) => Of(point, i + 1 < schedule.Points.Length ? schedule.Points[i + 1].From : null, now, isUsed))];

    public static JsonElement Numbers(ModelPrice price)
    {
        using JsonDocument document = JsonDocument.Parse(PriceJson.TextOf(price));
        return document.RootElement.Clone();
    }

    private static PricePointJson Of(PricePoint point, DateTimeOffset? until, DateTimeOffset now, bool isUsed) => new(
        point.From == PriceSchedule.Ever ? null : point.From,
        until,
        isUsed && point.From <= now && (until is null || now < until),
        point.Price.Version,
        Numbers(point.Price));
}

/// <summary>All prices of one name, by instant.</summary>
/// <param name="Source"><c>config</c>: an alias's own price; <c>import</c>: a model of the imported list.</param>
internal sealed record ModelPricesJson(string Model, string Source, IReadOnlyList<PricePointJson> Prices)
{
    /// <remarks>The history of an alias that is gone, or has no price of its own any more, has nothing in force.</remarks>
    public static ModelPricesJson Of(PriceName name, PriceSchedule schedule, DirectorySnapshot directory, DateTimeOffset now) => new(
        name.Model,
        NameOf(name.Source),
        PricePointJson.AllOf(schedule, now, name.Source == PriceSource.Import || directory.Models.GetValueOrDefault(name.Model)?.Price is not null));

    public static string NameOf(PriceSource source) => source == PriceSource.Config ? "config" : "import";
}

/// <summary>What an import changed, or would change.</summary>
/// <param name="Imported">Models that had no price before.</param>
/// <param name="Changed">Models that have another one now.</param>
/// <param name="Models">The imported and changed ones.</param>
internal sealed record PriceImportJson(
    bool DryRun,
    DateTimeOffset EffectiveFrom,
    int Imported,
    int Changed,
    int Unchanged,
    int Skipped,
    IReadOnlyList<ImportedPrice> Models,
    IReadOnlyList<SkippedPrice> SkippedModels)
{
    public static PriceImportJson Of(PriceImport import, bool isDryRun) => new(
        isDryRun,
        import.From,
        import.Changes.Count(change => change.Before is null),
        import.Changes.Count(change => change.Before is not null),
        import.Unchanged,
        import.Skipped.Count,
        import.Changes,
        import.Skipped);
}
