using System.Buffers.Binary;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Writes vectors as <c>POST /v1/embeddings</c> gives them. Without usage where nobody told it: no number is better than a wrong one.</summary>
internal static class EmbeddingsAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        bool asBase64 = frame.Request?.Embedding?.AsBase64 == true;
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        for (int i = 0; i < answer.Vectors.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "embedding"u8);
            writer.WriteNumber("index"u8, i);
            writer.WritePropertyName("embedding"u8);
            if (asBase64)
            {
                writer.WriteBase64StringValue(BytesOf(answer.Vectors[i]));
            }
            else
            {
                answer.Vectors[i].WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model"u8, answer.Model ?? frame.FallbackModel);
        if (answer.Usage is { } usage)
        {
            writer.WriteStartObject("usage"u8);
            writer.WriteNumber("prompt_tokens"u8, usage.TotalInput);
            writer.WriteNumber("total_tokens"u8, usage.Total);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Little-endian 32-bit floats, which is what OpenAI's SDKs decode.</summary>
    private static byte[] BytesOf(RawJson vector)
    {
        using JsonDocument document = JsonDocument.Parse(vector.Utf8, JsonInput.Options);
        byte[] bytes = new byte[document.RootElement.GetArrayLength() * sizeof(float)];
        int at = 0;
        foreach (JsonElement number in document.RootElement.EnumerateArray())
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), number.TryGetSingle(out float value) ? value : 0);
            at += sizeof(float);
        }

        return bytes;
    }
}
