using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>What Anthropic wants of the schema of an answer.</summary>
internal static class ClosedSchema
{
    public static void Check(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            if (!schema.TryGetProperty("additionalProperties", out JsonElement additional) || additional.ValueKind != JsonValueKind.False)
            {
                throw AnthropicWords.Refuse($"{path}: For 'object' type, 'additionalProperties' must be explicitly set to false");
            }

            foreach (JsonProperty property in properties.EnumerateObject())
            {
                Check(property.Value, path);
            }
        }

        if (schema.TryGetProperty("items", out JsonElement items))
        {
            Check(items, path);
        }
    }
}
