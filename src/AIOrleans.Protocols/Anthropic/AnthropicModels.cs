using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>The bodies of <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c> as Anthropic has them.</summary>
internal static class AnthropicModels
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ListedModel> models) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        foreach (ListedModel model in models)
        {
            WriteModel(writer, model);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("has_more"u8, false);
        writer.WriteString("first_id"u8, models.Count > 0 ? models[0].Id : null);
        writer.WriteString("last_id"u8, models.Count > 0 ? models[^1].Id : null);
        writer.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> WriteOne(ListedModel model) => JsonInput.Write(writer => WriteModel(writer, model));

    private static void WriteModel(Utf8JsonWriter writer, ListedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "model"u8);
        writer.WriteString("id"u8, model.Id);
        writer.WriteString("display_name"u8, model.Id);
        writer.WriteString("created_at"u8, model.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }
}
