using System.Data.Common;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Prices;

/// <summary>How a line of the price history is written and read, in both databases.</summary>
internal static class PriceColumns
{
    public const string SelectAfter = """
        SELECT sequence, source, model, effective_from, version, body, recorded_at FROM price_version WHERE sequence > @after ORDER BY sequence
        """;

    public const string SelectNewest = "SELECT COALESCE(MAX(sequence), 0) FROM price_version";

    public const string Insert = """
        INSERT INTO price_version (sequence, source, model, effective_from, version, body, recorded_at)
        VALUES (@sequence, @source, @model, @effectiveFrom, @version, @body, @recordedAt)
        """;

    public static object ParametersOf(PriceRecord record, long sequence) => new
    {
        sequence,
        source = NameOf(record.Name.Source),
        model = record.Name.Model,
        effectiveFrom = record.From.ToMicros(),
        version = record.Price.Version,
        body = PriceJson.TextOf(record.Price),
        recordedAt = record.RecordedAt.ToMicros(),
    };

    public static PriceRecord Read(DbDataReader row)
    {
        // The stored name counts: a newer program may have written members that this one leaves out, and would hash to another.
        ModelPrice price = PriceJson.Parse(row.GetString(5)) with { Version = row.GetString(4) };
        var name = new PriceName(Enum.Parse<PriceSource>(row.GetString(1), ignoreCase: true), row.GetString(2));
        return new PriceRecord(row.GetInt64(0), name, Instants.FromMicros(row.GetInt64(3)), price, Instants.FromMicros(row.GetInt64(6)));
    }

    /// <summary>Sources are stored by name, which is never changed.</summary>
    public static string NameOf(PriceSource source) => source.ToString().ToLowerInvariant();
}
