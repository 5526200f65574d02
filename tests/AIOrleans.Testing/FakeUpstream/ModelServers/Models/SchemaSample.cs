using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Makes a value of a JSON schema, always the same: strings say what was heard, numbers are 7, arrays have two items.</summary>
internal static class SchemaSample
{
    private const int DepthMax = 16;

    public static JsonNode? Of(JsonElement schema, string heard) => Make(schema, schema, heard, 0);

    private static JsonNode? Make(JsonElement schema, JsonElement root, string heard, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > DepthMax)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Make(Resolve(root, reference.GetString() ?? ""), root, heard, depth + 1);
        }

        if (schema.TryGetProperty("const", out JsonElement only))
        {
            return JsonNode.Parse(only.GetRawText());
        }

        if (schema.TryGetProperty("enum", out JsonElement choices))
        {
            return JsonNode.Parse(choices[0].GetRawText());
        }

        if (schema.TryGetProperty("anyOf", out JsonElement any) || schema.TryGetProperty("oneOf", out any))
        {
            return Make(any[0], root, heard, depth + 1);
        }

        return TypeOf(schema) switch
        {
            "object" => MakeObject(schema, root, heard, depth),
            "array" => MakeArray(schema, root, heard, depth),
            "integer" or "number" => JsonValue.Create(7),
            "boolean" => JsonValue.Create(true),
            "null" => null,
            _ => JsonValue.Create(heard),
        };
    }

    private static JsonObject MakeObject(JsonElement schema, JsonElement root, string heard, int depth)
    {
        JsonObject made = [];
        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                made[property.Name] = Make(property.Value, root, heard, depth + 1);
            }
        }

        return made;
    }

    private static JsonArray MakeArray(JsonElement schema, JsonElement root, string heard, int depth) =>
        schema.TryGetProperty("items", out JsonElement items) ? [Make(items, root, heard, depth + 1), Make(items, root, heard, depth + 1)] : [];

    /// <summary>Gemini writes types in capitals, and JSON schema may list several.</summary>
    private static string? TypeOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out JsonElement type) ? (schema.TryGetProperty("properties", out _) ? "object" : null)
        : (type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString())?.ToLowerInvariant();

    private static JsonElement Resolve(JsonElement root, string reference)
    {
        JsonElement at = root;
        foreach (string name in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!at.TryGetProperty(name, out at))
            {
                return default;
            }
        }

        return at;
    }
}
