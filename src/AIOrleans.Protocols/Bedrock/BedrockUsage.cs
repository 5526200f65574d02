using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Reads <c>usage</c>. <c>inputTokens</c> exclude what was read from or written to the cache; thoughts are part of the output and not told apart.</summary>
internal static class BedrockUsage
{
    /// <summary>There is one for each time to live; more is garbage.</summary>
    private const int DetailsMax = 16;

    /// <summary>Null when nothing usable is told: the caller estimates.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (JsonLookups.Tokens(usage, "inputTokens"u8) is not { } input || JsonLookups.Tokens(usage, "outputTokens"u8) is not { } output)
        {
            return null;
        }

        // The details divide the total. What they leave over is taken for five minutes, the default.
        long hour = Written(usage, "1h");
        long written = Math.Max(JsonLookups.Tokens(usage, "cacheWriteInputTokens"u8) ?? 0, hour + Written(usage, "5m"));
        TokenUsage read = new()
        {
            UncachedInput = input,
            CacheRead = JsonLookups.Tokens(usage, "cacheReadInputTokens"u8) ?? 0,
            CacheWrite5m = written - hour,
            CacheWrite1h = hour,
            Output = output,
        };
        return read.Total == 0 ? null : read;
    }

    /// <summary>The tier of <c>serviceTier</c>; null: not told.</summary>
    // Reserved capacity is paid for in advance; its calls beyond that are billed at the standard price.
    public static ServiceTier? ReadService(JsonElement owner) => JsonLookups.Text(JsonLookups.Object(owner, "serviceTier"u8), "type"u8) switch
    {
        "reserved" => ServiceTier.Standard,
        var word => ServiceTiers.OfWire(word),
    };

    /// <summary>Tokens written to the cache for <paramref name="ttl"/>.</summary>
    private static long Written(JsonElement usage, string ttl)
    {
        long tokens = 0;
        if (usage.TryGetProperty("cacheDetails"u8, out JsonElement details) && details.ValueKind == JsonValueKind.Array
            && details.GetArrayLength() <= DetailsMax)
        {
            foreach (JsonElement detail in details.EnumerateArray())
            {
                tokens += JsonLookups.Text(detail, "ttl"u8) == ttl ? JsonLookups.Tokens(detail, "inputTokens"u8) ?? 0 : 0;
            }
        }

        return tokens;
    }
}
