using System.Text.Json;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Configuration;

/// <summary>Calendar quotas in JSON: <c>{ "metric": "cost", "period": "month", "amount": 5000, "mode": "strict" }</c>.</summary>
internal static class QuotaJson
{
    /// <summary>Largest count of requests, tokens or operations: far beyond use, far from overflow when summed.</summary>
    private const long CountMax = 1_000_000_000_000_000;

    /// <summary>Largest budget in dollars; its nano-dollars still fit a long several times over.</summary>
    private const long UsdMax = 1_000_000_000;

    private static readonly Choice<QuotaMetric> Metrics = new(
        ("requests", QuotaMetric.Requests), ("tokens", QuotaMetric.Tokens), ("cost", QuotaMetric.Cost), ("operations", QuotaMetric.Operations));

    private static readonly Choice<QuotaPeriod> Periods = new(
        ("minute", QuotaPeriod.Minute), ("hour", QuotaPeriod.Hour), ("day", QuotaPeriod.Day), ("week", QuotaPeriod.Week),
        ("month", QuotaPeriod.Month), ("quarter", QuotaPeriod.Quarter), ("year", QuotaPeriod.Year), ("total", QuotaPeriod.Total));

    private static readonly Choice<QuotaMode> Modes = new(
        ("strict", QuotaMode.Strict), ("expected", QuotaMode.Expected), ("warn", QuotaMode.Warn), ("shadow", QuotaMode.Shadow));

    public static IReadOnlyList<QuotaConfig> ReadAll(ObjectReader limits)
    {
        var quotas = new List<QuotaConfig>();
        foreach (ObjectReader reader in limits.Objects("quotas"))
        {
            if (Read(reader) is not { } quota)
            {
                continue;
            }

            // Different modes may stand side by side: warn at 80, strict at 100.
            if (quotas.Exists(q => q.Name == quota.Name && q.Mode == quota.Mode))
            {
                reader.Mistakes.Add(reader.Path, $"is a second quota '{quota.Name}' of mode {Modes.WordOf(quota.Mode)}; keep one.");
            }

            quotas.Add(quota);
        }

        if (quotas.Count > LimitsConfig.QuotasMax)
        {
            limits.Report("quotas", $"must have at most {LimitsConfig.QuotasMax} quotas, not {quotas.Count}.");
        }

        return quotas;
    }

    public static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<QuotaConfig> quotas)
    {
        if (quotas.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("quotas");
        foreach (QuotaConfig quota in quotas)
        {
            writer.WriteStartObject();
            writer.WriteString("metric", Metrics.WordOf(quota.Metric));
            writer.WriteString("period", Periods.WordOf(quota.Period));
            writer.WriteNumber("amount", quota.Metric == QuotaMetric.Cost ? new NanoUsd(quota.Amount).ToUsd() : quota.Amount);
            writer.WriteString("mode", Modes.WordOf(quota.Mode));
            if (quota.Operation is not null)
            {
                writer.WriteString("operation", quota.Operation);
            }

            if (quota.CutOff)
            {
                writer.WriteBoolean("cutOff", true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static QuotaConfig? Read(ObjectReader reader)
    {
        QuotaMetric? metric = Metrics.Read(reader, "metric", required: true);
        QuotaPeriod? period = Periods.Read(reader, "period", required: true);
        QuotaMode? mode = Modes.Read(reader, "mode");
        long? amount = ReadAmount(reader, metric);
        string? operation = ReadOperation(reader, metric);
        bool cutOff = ReadCutOff(reader, metric, mode);
        reader.Finish();
        return metric is { } m && period is { } p && amount is { } a
            ? new QuotaConfig(m, p, a, mode ?? QuotaMode.Strict, operation) { CutOff = cutOff }
            : null;
    }

    // Without a metric nobody can say whether decimals are right: the metric is the mistake to report.
    private static long? ReadAmount(ObjectReader reader, QuotaMetric? metric) => metric switch
    {
        null => (long?)reader.Number("amount", 0, CountMax, required: true),
        QuotaMetric.Cost => Dollars.Read(reader, "amount", UsdMax, required: true)?.Value,
        _ => reader.Whole("amount", 0, CountMax, required: true),
    };

    private static string? ReadOperation(ObjectReader reader, QuotaMetric? metric)
    {
        string? operation = Names.Read(reader, "operation", required: metric == QuotaMetric.Operations);
        if (operation is not null && metric is { } known && known != QuotaMetric.Operations)
        {
            reader.Report("operation", "needs \"metric\": \"operations\".");
            return null;
        }

        if (operation is not null && operation.Any(char.IsUpper))
        {
            reader.Report("operation", "must be in lower case, as operations are named: chat, embeddings, …");
        }

        return operation;
    }

    // A strict quota holds the worst case, which no stream outgrows; the others never stop anything. And a stream that runs uses no more requests.
    private static bool ReadCutOff(ObjectReader reader, QuotaMetric? metric, QuotaMode? mode)
    {
        if (!reader.Flag("cutOff", absent: false))
        {
            return false;
        }

        if (mode != QuotaMode.Expected)
        {
            reader.Report("cutOff", "needs \"mode\": \"expected\".");
        }
        else if (metric is QuotaMetric.Requests or QuotaMetric.Operations)
        {
            reader.Report("cutOff", "needs \"metric\": \"cost\" or \"tokens\".");
        }

        return true;
    }
}
