using System.Text.Json;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Protocols.Errors;

/// <summary>Writes the facts of a limit as docs/errors.md has them, in the limit's own unit.</summary>
internal static class LimitFactsJson
{
    /// <summary>Writes the members, into an object that the caller opened.</summary>
    public static void Write(Utf8JsonWriter writer, LimitFacts facts)
    {
        writer.WriteString("account"u8, facts.Account.ToString());
        writer.WriteString("name"u8, facts.Limit);
        writer.WriteString("metric"u8, facts.Metric == QuotaMetric.Cost ? "usd" : facts.Metric.ToString().ToLowerInvariant());
        WriteAmount(writer, "used"u8, facts, facts.Used);
        WriteAmount(writer, "held"u8, facts, facts.Held);
        WriteAmount(writer, "amount"u8, facts, facts.Amount);
        WriteAmount(writer, "asked"u8, facts, facts.Asked);
        if (facts.RetryAfter is { } wait)
        {
            writer.WriteNumber("retry_after_ms"u8, (long)Math.Ceiling(wait.TotalMilliseconds));
        }

        if (facts.ResetsAt is { } resetsAt)
        {
            writer.WriteString("resets_at"u8, resetsAt.ToUniversalTime());
        }

        if (facts.Line is { } line)
        {
            writer.WriteStartObject("queue"u8);
            writer.WriteNumber("place"u8, line.Place);
            writer.WriteNumber("length"u8, line.Length);
            writer.WriteNumber("estimated_wait_ms"u8, (long)Math.Ceiling(line.EstimatedWait.TotalMilliseconds));
            writer.WriteEndObject();
        }
    }

    private static void WriteAmount(Utf8JsonWriter writer, ReadOnlySpan<byte> name, LimitFacts facts, long value)
    {
        if (facts.Metric == QuotaMetric.Cost)
        {
            writer.WriteNumber(name, new NanoUsd(value).ToUsd());
        }
        else
        {
            writer.WriteNumber(name, value);
        }
    }
}
