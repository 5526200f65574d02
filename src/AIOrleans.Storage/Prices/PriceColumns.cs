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
        ModelPrice price = ReadPrice(row);
        var name = new PriceName(Enum.Parse<PriceSource>(row.GetString(1), ignoreCase: true), row.GetString(2));
        return new PriceRecord(row.GetInt64(0), name, Instants.FromMicros(row.GetInt64(3)), price, Instants.FromMicros(row.GetInt64(6)));
    }

    private static ModelPrice ReadPrice(DbDataReader row)
    {
        try
        {
            // The stored name counts: a newer program may have written members that this one leaves out, and would hash to another.
            return PriceJson.Parse(row.GetString(5)) with { Version = row.GetString(4) };
        }
        catch (FormatException damage)
        {
            throw new InvalidOperationException(
                $"Line {row.GetInt64(0)} of the price history ('{row.GetString(2)}') is damaged, or of a newer version of AIOrleans. Start that version, or restore a backup. {damage.Message}", damage);
        }
    }

    /// <summary>Sources are stored by name, which is never changed.</summary>
    public static string NameOf(PriceSource source) => source.ToString().ToLowerInvariant();
}
