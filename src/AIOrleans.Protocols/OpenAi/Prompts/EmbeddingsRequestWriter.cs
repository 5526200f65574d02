using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Writes a canonical request as the body of <c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingsRequestWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        EmbeddingAsk ask = request.Embedding ?? new EmbeddingAsk([]);
        writer.WriteStartObject();
        writer.WriteString("model"u8, shape.Model);
        writer.WriteStartArray("input"u8);
        foreach (ChatPart.Text text in ask.Inputs)
        {
            writer.WriteStringValue(text.Value);
        }

        writer.WriteEndArray();
        if (ask.Dimensions is { } dimensions)
        {
            writer.WriteNumber("dimensions"u8, dimensions);
        }

        // Numbers can be written again in either form.
        writer.WriteString("encoding_format"u8, "float"u8);
        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }
}
