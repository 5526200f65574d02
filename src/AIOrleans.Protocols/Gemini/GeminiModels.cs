using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>The bodies of <c>GET /v1beta/models</c> and <c>GET /v1beta/models/{id}</c>.</summary>
internal static class GeminiModels
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ListedModel> models) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("models"u8);
        foreach (ListedModel model in models)
        {
            WriteModel(writer, model);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> WriteOne(ListedModel model) => JsonInput.Write(writer => WriteModel(writer, model));

    private static void WriteModel(Utf8JsonWriter writer, ListedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, "models/" + model.Id);
        writer.WriteString("version"u8, "1"u8);
        writer.WriteString("displayName"u8, model.Id);
        writer.WriteNumber("inputTokenLimit"u8, model.ContextTokensMax);
        writer.WriteNumber("outputTokenLimit"u8, model.OutputTokensMax);
        writer.WriteStartArray("supportedGenerationMethods"u8);
        writer.WriteStringValue("generateContent"u8);
        writer.WriteStringValue("countTokens"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
