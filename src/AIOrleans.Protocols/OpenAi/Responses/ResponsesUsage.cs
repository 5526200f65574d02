using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads and writes the <c>usage</c> of a response: as in chat, the input includes what came from a cache, and the output the reasoning.</summary>
internal static class ResponsesUsage
{
    /// <summary>Null when nothing usable is told: the caller estimates.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (JsonLookups.Tokens(usage, "input_tokens"u8) is not { } input || JsonLookups.Tokens(usage, "output_tokens"u8) is not { } output || input + output == 0)
        {
            return null;
        }

        JsonElement details = JsonLookups.Object(usage, "input_tokens_details"u8);
        long cached = Math.Min(JsonLookups.Tokens(details, "cached_tokens"u8) ?? 0, input);
        long written = Math.Min(JsonLookups.Tokens(details, "cache_write_tokens"u8) ?? 0, input - cached);
        long reasoning = JsonLookups.Tokens(JsonLookups.Object(usage, "output_tokens_details"u8), "reasoning_tokens"u8) ?? 0;
        return new TokenUsage
        {
            UncachedInput = input - cached - written,
            CacheRead = cached,
            CacheWrite5m = written,
            Output = output,
            Reasoning = Math.Min(reasoning, output),
        };
    }

    /// <summary>Writes a usage object: its totals include what their details divide.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("input_tokens"u8, usage.TotalInput);
        writer.WriteStartObject("input_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite5m + usage.CacheWrite1h > 0)
        {
            writer.WriteNumber("cache_write_tokens"u8, usage.CacheWrite5m + usage.CacheWrite1h);
        }

        writer.WriteEndObject();
        writer.WriteNumber("output_tokens"u8, usage.TotalOutput);
        writer.WriteStartObject("output_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens"u8, usage.Total);
        writer.WriteEndObject();
    }
}
