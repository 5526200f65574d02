using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi.Prompts;

namespace AIOrleans.Protocols.Gemini.Embeddings;

/// <summary>Reads and writes answers of <c>:embedContent</c> and <c>:batchEmbedContents</c>. Most models tell no usage: the gateway estimates it.</summary>
internal static class GeminiVectors
{
    /// <summary>Null when it holds no vectors.</summary>
    public static CanonicalAnswer? Read(JsonElement root, WireFormat format, RequestReading reading)
    {
        ImmutableArray<RawJson>.Builder vectors = ImmutableArray.CreateBuilder<RawJson>();
        if (format == WireFormat.GeminiEmbedContent)
        {
            if (!Add(JsonLookups.Object(root, "embedding"u8), reading, vectors))
            {
                return null;
            }
        }
        else if (!root.TryGetProperty("embeddings"u8, out JsonElement array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0
            || !array.EnumerateArray().All(one => Add(one, reading, vectors)))
        {
            return null;
        }

        long? tokens = JsonLookups.Tokens(JsonLookups.Object(root, "usageMetadata"u8), "promptTokenCount"u8);
        TokenUsage? usage = tokens is > 0 ? new TokenUsage { UncachedInput = tokens.Value } : null;
        return new CanonicalAnswer(null, null, [], usage) { Vectors = vectors.ToImmutable() };
    }

    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, WireFormat format)
    {
        writer.WriteStartObject();
        if (format == WireFormat.GeminiEmbedContent)
        {
            writer.WritePropertyName("embedding"u8);
            WriteOne(writer, answer.Vectors[0]);
        }
        else
        {
            writer.WriteStartArray("embeddings"u8);
            foreach (RawJson vector in answer.Vectors)
            {
                WriteOne(writer, vector);
            }

            writer.WriteEndArray();
        }

        if (answer.Usage is { } usage)
        {
            writer.WriteStartObject("usageMetadata"u8);
            writer.WriteNumber("promptTokenCount"u8, usage.TotalInput);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, RawJson vector)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("values"u8);
        vector.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static bool Add(JsonElement one, RequestReading reading, ImmutableArray<RawJson>.Builder vectors)
    {
        if (one.ValueKind != JsonValueKind.Object || !one.TryGetProperty("values"u8, out JsonElement values) || !EmbeddingsVectorsReader.IsVector(values))
        {
            return false;
        }

        vectors.Add(reading.Raw(values));
        return true;
    }
}
