using System.Buffers;
using System.Text.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>One model as <c>GET /v1/models</c> shows it.</summary>
/// <param name="Id">The alias that clients use.</param>
/// <param name="OwnedBy">Who answers, e.g. the provider's name.</param>
public sealed record ListedModel(string Id, DateTimeOffset CreatedAt, string OwnedBy);

/// <summary>Writes the bodies of <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
public static class ModelsList
{
    public static void Write(IBufferWriter<byte> output, IEnumerable<ListedModel> models)
    {
        using Utf8JsonWriter writer = new(output);
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (ListedModel model in models)
        {
            WriteModel(writer, model);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteOne(IBufferWriter<byte> output, ListedModel model)
    {
        using Utf8JsonWriter writer = new(output);
        WriteModel(writer, model);
    }

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
