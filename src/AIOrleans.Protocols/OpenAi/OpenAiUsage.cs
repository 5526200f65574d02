using System.Text.Json;
using AIOrleans.Core.Usage;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Reads a <c>usage</c> object into disjoint token classes, and distrusts it.</summary>
internal static class OpenAiUsage
{
    /// <summary>No model reads or writes a thousandth of this in one call: larger numbers are garbage.</summary>
    private const long TokensMax = 1_000_000_000;

    /// <summary>Reads the value under the reader, an object or not, and leaves the reader at its end.</summary>
    /// <returns>Null when the two totals are missing, absurd or both zero: the caller estimates.</returns>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        Numbers numbers = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                numbers.Prompt = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                numbers.Completion = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("total_tokens"u8))
            {
                numbers.Total = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                ReadPromptDetails(ref reader, ref numbers);
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                ReadCompletionDetails(ref reader, ref numbers);
            }
            else
            {
                reader.Skip();
            }
        }

        return ToUsage(numbers);
    }

    private static TokenUsage? ToUsage(Numbers numbers)
    {
        if (numbers.Prompt is not { } prompt || numbers.Completion is not { } completion || prompt + completion == 0)
        {
            return null;
        }

        // Details only divide the totals: where they overlap or exceed them, the total stays true and the later class shrinks.
        long cached = Math.Min(numbers.Cached ?? 0, prompt);
        long written = Math.Min(numbers.CacheWrite ?? 0, prompt - cached);
        long heard = Math.Min(numbers.AudioIn ?? 0, prompt - cached - written);
        long reasoning = numbers.Reasoning ?? 0;

        // Some servers (xAI) count reasoning beside the completion; only their total tells.
        if (reasoning > 0 && numbers.Total == prompt + completion + reasoning)
        {
            completion += reasoning;
        }

        long spoken = Math.Min(numbers.AudioOut ?? 0, completion);
        return new TokenUsage
        {
            UncachedInput = prompt - cached - written - heard,
            CacheRead = cached,
            CacheWrite5m = written,
            AudioInput = heard,
            Output = completion - spoken,
            Reasoning = Math.Min(reasoning, completion - spoken),
            AudioOutput = spoken,
        };
    }

    private static void ReadPromptDetails(ref Utf8JsonReader reader, ref Numbers numbers)
    {
        if (!EntersObject(ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                numbers.Cached = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
            {
                numbers.CacheWrite = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                numbers.AudioIn = ReadTokens(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadCompletionDetails(ref Utf8JsonReader reader, ref Numbers numbers)
    {
        if (!EntersObject(ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                numbers.Reasoning = ReadTokens(ref reader);
            }
            else if (reader.ValueTextEquals("audio_tokens"u8))
            {
                numbers.AudioOut = ReadTokens(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool EntersObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    private static long? ReadTokens(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long tokens) && tokens is >= 0 and <= TokensMax)
        {
            return tokens;
        }

        reader.Skip();
        return null;
    }

    /// <summary>The numbers as the server wrote them; null: missing or absurd.</summary>
    private struct Numbers
    {
        public long? Prompt;
        public long? Completion;
        public long? Total;
        public long? Cached;
        public long? CacheWrite;
        public long? AudioIn;
        public long? Reasoning;
        public long? AudioOut;
    }
}
