using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads and writes <c>usageMetadata</c>. The prompt includes what came from a cache; thoughts come beside the candidates, and tool prompts beside the prompt.</summary>
internal static class GeminiUsage
{
    /// <summary>Null when nothing usable is told: the caller estimates.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (JsonLookups.Tokens(usage, "promptTokenCount"u8) is not { } prompt)
        {
            return null;
        }

        prompt += JsonLookups.Tokens(usage, "toolUsePromptTokenCount"u8) ?? 0;
        long thoughts = JsonLookups.Tokens(usage, "thoughtsTokenCount"u8) ?? 0;
        long candidates = JsonLookups.Tokens(usage, "candidatesTokenCount"u8) ?? 0;
        long cached = Math.Min(JsonLookups.Tokens(usage, "cachedContentTokenCount"u8) ?? 0, prompt);
        long cachedAudio = Math.Min(Audio(usage, "cacheTokensDetails"u8), cached);
        long heard = Math.Clamp(Audio(usage, "promptTokensDetails"u8) - cachedAudio, 0, prompt - cached);
        long spoken = Math.Min(Audio(usage, "candidatesTokensDetails"u8), candidates);
        TokenUsage read = new()
        {
            UncachedInput = prompt - cached - heard,
            CacheRead = cached,
            AudioInput = heard,
            Output = candidates - spoken + thoughts,
            Reasoning = thoughts,
            AudioOutput = spoken,
        };
        return read.Total == 0 ? null : read;
    }

    /// <summary>Writes the whole object.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("promptTokenCount"u8, usage.TotalInput);
        if (usage.CacheRead > 0)
        {
            writer.WriteNumber("cachedContentTokenCount"u8, usage.CacheRead);
        }

        writer.WriteNumber("candidatesTokenCount"u8, usage.TotalOutput - usage.Reasoning);
        if (usage.Reasoning > 0)
        {
            writer.WriteNumber("thoughtsTokenCount"u8, usage.Reasoning);
        }

        writer.WriteNumber("totalTokenCount"u8, usage.Total);
        writer.WriteEndObject();
    }

    /// <summary>Tokens of the modality <c>AUDIO</c> in a list of details.</summary>
    private static long Audio(JsonElement usage, ReadOnlySpan<byte> name)
    {
        long tokens = 0;
        if (usage.TryGetProperty(name, out JsonElement details) && details.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement detail in details.EnumerateArray())
            {
                tokens += JsonLookups.Text(detail, "modality"u8) == "AUDIO" ? JsonLookups.Tokens(detail, "tokenCount"u8) ?? 0 : 0;
            }
        }

        return tokens;
    }
}
