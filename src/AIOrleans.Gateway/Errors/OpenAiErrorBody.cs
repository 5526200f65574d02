using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Gateway.Errors;

/// <summary>Writes the error body that OpenAI clients parse, with the facts of a limit beside the sentence.</summary>
internal static class OpenAiErrorBody
{
    // Sentences are read by people too: quotes stay quotes. The body is JSON, never part of a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"error":{"message","type","param","code","request_id","limit"?}}</c>; <c>limit</c> only for a limit that refused.</summary>
    public static ReadOnlyMemory<byte> Write(Denial denial, OpenAiRefusal refusal, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", DenialText.Of(denial));
        json.WriteString("type", refusal.Type);
        json.WriteString("param", refusal.Param);
        json.WriteString("code", refusal.Code);
        json.WriteString("request_id", requestId);
        if (denial is Denial.LimitReached { Facts: var facts })
        {
            WriteFacts(json, facts);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteFacts(Utf8JsonWriter json, LimitFacts facts)
    {
        json.WriteStartObject("limit");
        json.WriteString("account", facts.Account.ToString());
        json.WriteString("name", facts.Limit);
        json.WriteString("metric", facts.Metric == QuotaMetric.Cost ? "usd" : facts.Metric.ToString().ToLowerInvariant());
        WriteAmount(json, "used", facts, facts.Used);
        WriteAmount(json, "held", facts, facts.Held);
        WriteAmount(json, "amount", facts, facts.Amount);
        WriteAmount(json, "asked", facts, facts.Asked);
        if (facts.RetryAfter is { } wait)
        {
            json.WriteNumber("retry_after_ms", (long)Math.Ceiling(wait.TotalMilliseconds));
        }

        if (facts.ResetsAt is { } resetsAt)
        {
            json.WriteString("resets_at", resetsAt.ToUniversalTime());
        }

        if (facts.Line is { } line)
        {
            json.WriteStartObject("queue");
            json.WriteNumber("place", line.Place);
            json.WriteNumber("length", line.Length);
            json.WriteNumber("estimated_wait_ms", (long)Math.Ceiling(line.EstimatedWait.TotalMilliseconds));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, LimitFacts facts, long value)
    {
        if (facts.Metric == QuotaMetric.Cost)
        {
            json.WriteNumber(name, new NanoUsd(value).ToUsd());
        }
        else
        {
            json.WriteNumber(name, value);
        }
    }
}
