using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Money;

/// <summary>What must be added to the price history.</summary>
public static class PriceChanges
{
    /// <summary>The lines that make the history of aliases as their configuration says, from <paramref name="now"/> on; none when it is so already.</summary>
    /// <remarks>An alias that is gone, or has no price of its own any more, keeps its history: events point to it.</remarks>
    public static IReadOnlyList<PriceRecord> OfConfig(PriceBook book, IEnumerable<ModelConfig> models, DateTimeOffset now)
    {
        var records = new List<PriceRecord>();
        foreach (ModelConfig model in models)
        {
            if (model.Price is { } wanted)
            {
                var name = new PriceName(PriceSource.Config, model.Name);
                PriceSchedule known = book.Schedules.GetValueOrDefault(name) ?? PriceSchedule.Empty;
                records.AddRange(known.ChangesTo(wanted, now).Select(point => new PriceRecord(0, name, point.From, point.Price, now)));
            }
        }

        return records;
    }

    /// <summary>What importing <paramref name="list"/> changes: its prices are in force from <paramref name="from"/> on. Models that it does not name stay.</summary>
    public static PriceImport OfList(PriceBook book, PriceList list, DateTimeOffset from, DateTimeOffset now)
    {
        var records = new List<PriceRecord>();
        var changes = new List<ImportedPrice>();
        var skipped = new List<SkippedPrice>(list.Skipped);
        int unchanged = 0;
        int names = book.Schedules.Count;
        foreach (ListedPrice listed in list.Prices)
        {
            var name = new PriceName(PriceSource.Import, listed.Model);
            PriceSchedule known = book.Schedules.GetValueOrDefault(name) ?? PriceSchedule.Empty;
            bool isNew = known.Points.IsEmpty;
            if (known.At(from)?.Version == listed.Price.Version && known.SpanAt(from).Until == DateTimeOffset.MaxValue)
            {
                unchanged++;
                continue;
            }

            if (isNew && ++names > PriceList.ModelsMax)
            {
                skipped.Add(new SkippedPrice(listed.Model, $"the book has {PriceList.ModelsMax} models already"));
                continue;
            }

            changes.Add(new ImportedPrice(listed.Model, known.At(from)?.Version, listed.Price.Version, NotesOf(listed, known, from)));
            records.Add(new PriceRecord(0, name, from, listed.Price, now));
        }

        return new PriceImport(from, records, changes, unchanged, skipped);
    }

    private static IReadOnlyList<string> NotesOf(ListedPrice listed, PriceSchedule known, DateTimeOffset from)
    {
        int later = known.Points.Count(point => point.From > from);
        return later == 0 ? listed.Notes : [.. listed.Notes, $"supersedes {later} {(later == 1 ? "price" : "prices")} with a later effectiveFrom"];
    }
}

/// <summary>A price list of another project, read.</summary>
/// <param name="Skipped">Models that cannot be priced, each with its reason.</param>
public sealed record PriceList(IReadOnlyList<ListedPrice> Prices, IReadOnlyList<SkippedPrice> Skipped)
{
    /// <summary>Most models of the book: twenty times the largest list known.</summary>
    public const int ModelsMax = 50_000;
}

/// <summary>One model of a list.</summary>
/// <param name="Notes">What the list charges besides, and the gateway does not.</param>
public sealed record ListedPrice(string Model, ModelPrice Price, IReadOnlyList<string> Notes);

/// <summary>A model that is not imported, and why.</summary>
public sealed record SkippedPrice(string Model, string Reason);

/// <summary>What an import changes, or changed.</summary>
/// <param name="From">From when on its prices are in force.</param>
/// <param name="Records">The lines to write.</param>
public sealed record PriceImport(
    DateTimeOffset From, IReadOnlyList<PriceRecord> Records, IReadOnlyList<ImportedPrice> Changes, int Unchanged, IReadOnlyList<SkippedPrice> Skipped);

/// <summary>A model with a new price.</summary>
/// <param name="Before">The version in force until then; null for a model that had none.</param>
public sealed record ImportedPrice(string Model, string? Before, string Version, IReadOnlyList<string> Notes);
