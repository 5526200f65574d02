using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>Writes OpenAI's lists of objects.</summary>
public static class ObjectList
{
    /// <param name="objects">Id and JSON of each.</param>
    /// <param name="hasMore">True when there are more behind the last.</param>
    public static byte[] Write(IReadOnlyList<(string Id, string Told)> objects, bool hasMore) => JsonInput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach ((string _, string told) in objects)
        {
            writer.WriteRawValue(told);
        }

        writer.WriteEndArray();
        writer.WriteString("first_id"u8, objects.Count > 0 ? objects[0].Id : null);
        writer.WriteString("last_id"u8, objects.Count > 0 ? objects[^1].Id : null);
        writer.WriteBoolean("has_more"u8, hasMore);
        writer.WriteEndObject();
    });
}
