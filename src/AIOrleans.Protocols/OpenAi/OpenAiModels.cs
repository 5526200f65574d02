using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>The bodies of <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c> as OpenAI has them.</summary>
internal static class OpenAiModels
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ListedModel> models) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
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
        writer.WriteString("id"u8, model.Id);
        writer.WriteString("object"u8, "model"u8);
        writer.WriteNumber("created"u8, model.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("owned_by"u8, model.OwnedBy);
        writer.WriteEndObject();
    }
}
