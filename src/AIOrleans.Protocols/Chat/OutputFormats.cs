using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Makes formats of bare schemas, as Anthropic's and Gemini's clients give them.</summary>
internal static class OutputFormats
{
    /// <summary>
    /// Anthropic and Gemini always keep to the schema. OpenAI does so only where it says strict, and takes that only for schemas without optional or
    /// additional members: a schema that is not so is asked for without the promise instead of being refused.
    /// </summary>
    public static OutputFormat OfSchema(RawJson schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema.Utf8, JsonInput.Options);
        return new OutputFormat(schema, Strict: IsClosed(document.RootElement) ? true : null);
    }

    // The depth is that of a parsed body, at most JsonInput.DepthMax.
    private static bool IsClosed(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        if (schema.TryGetProperty("properties"u8, out JsonElement properties) && properties.ValueKind == JsonValueKind.Object)
        {
            bool isSealed = schema.TryGetProperty("additionalProperties"u8, out JsonElement others) && others.ValueKind == JsonValueKind.False;
            int required = schema.TryGetProperty("required"u8, out JsonElement names) && names.ValueKind == JsonValueKind.Array ? names.GetArrayLength() : 0;
            if (!isSealed || required != properties.GetPropertyCount() || !properties.EnumerateObject().All(property => IsClosed(property.Value)))
            {
                return false;
            }
        }

        return (!schema.TryGetProperty("items"u8, out JsonElement items) || IsClosed(items))
            && (!schema.TryGetProperty("anyOf"u8, out JsonElement options) || options.ValueKind != JsonValueKind.Array || options.EnumerateArray().All(IsClosed));
    }
}
