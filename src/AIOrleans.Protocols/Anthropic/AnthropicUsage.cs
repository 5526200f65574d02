using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Anthropic's usage as it is told: complete in an answer, in pieces over a stream, where each number is cumulative and replaces the one before.</summary>
/// <remarks><c>input_tokens</c> exclude what was read from or written to the cache; the other protocols include it.</remarks>
internal struct AnthropicUsage
{
    private long? input;
    private long? cacheRead;
    private long? cacheWrite;
    private long? cacheWrite5m;
    private long? cacheWrite1h;
    private long? output;
    private long? thinking;

    /// <summary>The service tier as last told; null: not told.</summary>
    public ServiceTier? Service { get; private set; }

    /// <summary>Takes the numbers of a <c>usage</c> object over those told before; missing and absurd ones leave them.</summary>
    public void Read(JsonElement usage)
    {
        input = JsonLookups.Tokens(usage, "input_tokens"u8) ?? input;
        cacheRead = JsonLookups.Tokens(usage, "cache_read_input_tokens"u8) ?? cacheRead;
        cacheWrite = JsonLookups.Tokens(usage, "cache_creation_input_tokens"u8) ?? cacheWrite;
        output = JsonLookups.Tokens(usage, "output_tokens"u8) ?? output;
        Service = ServiceTiers.OfWire(JsonLookups.Text(usage, "service_tier"u8)) ?? Service;
        JsonElement creation = JsonLookups.Object(usage, "cache_creation"u8);
        cacheWrite5m = JsonLookups.Tokens(creation, "ephemeral_5m_input_tokens"u8) ?? cacheWrite5m;
        cacheWrite1h = JsonLookups.Tokens(creation, "ephemeral_1h_input_tokens"u8) ?? cacheWrite1h;
        JsonElement details = JsonLookups.Object(usage, "output_tokens_details"u8);
        thinking = JsonLookups.Tokens(details, "thinking_tokens"u8) ?? JsonLookups.Tokens(details, "reasoning_tokens"u8) ?? thinking;
    }

    /// <summary>What the beginning of a stream tells: the input, and as much output as is told already. Null when the input was not told, or is nothing.</summary>
    public readonly TokenUsage? ToInput()
    {
        AnthropicUsage begun = this;
        begun.output ??= 0;
        return begun.ToUsage();
    }

    /// <summary>Null when input or output was never told, or both are nothing: the caller estimates.</summary>
    public readonly TokenUsage? ToUsage()
    {
        if (input is not { } uncached || output is not { } written)
        {
            return null;
        }

        // The split divides the total. What it leaves over is taken for five minutes, the default.
        long total = Math.Max(cacheWrite ?? 0, (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0));
        long hour = cacheWrite1h ?? 0;
        TokenUsage usage = new()
        {
            UncachedInput = uncached,
            CacheRead = cacheRead ?? 0,
            CacheWrite5m = total - hour,
            CacheWrite1h = hour,
            Output = written,
            Reasoning = Math.Min(thinking ?? 0, written),
        };
        return usage.Total == 0 ? null : usage;
    }

    /// <summary>Writes the members of a <c>usage</c> object, all of them cumulative.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteNumber("input_tokens"u8, usage.UncachedInput + usage.AudioInput);
        writer.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite5m + usage.CacheWrite1h);
        writer.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite5m + usage.CacheWrite1h > 0)
        {
            writer.WriteStartObject("cache_creation"u8);
            writer.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWrite5m);
            writer.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWrite1h);
            writer.WriteEndObject();
        }

        writer.WriteNumber("output_tokens"u8, usage.TotalOutput);
        if (usage.Reasoning > 0)
        {
            writer.WriteStartObject("output_tokens_details"u8);
            writer.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            writer.WriteEndObject();
        }
    }
}
