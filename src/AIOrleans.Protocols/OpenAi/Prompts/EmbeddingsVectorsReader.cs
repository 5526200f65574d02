using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Reads a whole answer of <c>POST /v1/embeddings</c>, vectors included.</summary>
internal static class EmbeddingsVectorsReader
{
    /// <summary>Null when it is no list of vectors in numbers.</summary>
    public static CanonicalAnswer? Read(JsonElement root, RequestReading reading)
    {
        if (!root.TryGetProperty("data"u8, out JsonElement array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            return null;
        }

        List<(long Index, RawJson Values)> vectors = [];
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("embedding"u8, out JsonElement values) || !IsVector(values))
            {
                return null;
            }

            vectors.Add((JsonLookups.Tokens(item, "index"u8) ?? vectors.Count, reading.Raw(values)));
        }

        ImmutableArray<RawJson> ordered = [.. vectors.OrderBy(one => one.Index).Select(one => one.Values)];
        long? tokens = JsonLookups.Tokens(JsonLookups.Object(root, "usage"u8), "prompt_tokens"u8);
        TokenUsage? usage = tokens is > 0 ? new TokenUsage { UncachedInput = tokens.Value } : null;
        return new CanonicalAnswer(null, JsonLookups.Text(root, "model"u8), [], usage) { Vectors = ordered };
    }

    /// <summary>True for an array of numbers.</summary>
    public static bool IsVector(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0 && values.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number);
}
