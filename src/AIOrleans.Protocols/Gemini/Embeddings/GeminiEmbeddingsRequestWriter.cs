using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Gemini.Embeddings;

/// <summary>Writes a canonical request as the body of <c>:batchEmbedContents</c>, whose parts repeat the model of the address.</summary>
internal static class GeminiEmbeddingsRequestWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        EmbeddingAsk ask = request.Embedding ?? new EmbeddingAsk([]);
        if (ask.Inputs.Length > GeminiEmbeddingsRequestReader.InputsMax)
        {
            losses.Content("input", $"takes at most {GeminiEmbeddingsRequestReader.InputsMax} texts in one call");
        }

        writer.WriteStartObject();
        writer.WriteStartArray("requests"u8);
        foreach (ChatPart.Text text in ask.Inputs)
        {
            WriteOne(writer, text.Value, ask.Dimensions, shape.Model);
        }

        writer.WriteEndArray();
        if (request.User is not null)
        {
            losses.Harmless(RequestField.User);
        }

        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, string text, long? dimensions, string model)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, GeminiModelNames.ResourceOf(model));
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        if (dimensions is { } size)
        {
            writer.WriteNumber("outputDimensionality"u8, size);
        }

        writer.WriteEndObject();
    }
}
