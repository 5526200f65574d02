using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Turns Google's schema, a subset of OpenAPI 3.0, into JSON schema: types in small letters, <c>nullable</c> as a type, whole numbers as numbers.</summary>
internal static class GeminiSchema
{
    public static RawJson ToJsonSchema(JsonElement schema) => new(JsonInput.Write(writer => Write(writer, schema)));

    // The depth is that of the parsed body, at most JsonInput.DepthMax.
    private static void Write(Utf8JsonWriter writer, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(writer);
            return;
        }

        bool isNullable = schema.TryGetProperty("nullable"u8, out JsonElement nullable) && nullable.ValueKind == JsonValueKind.True;
        writer.WriteStartObject();
        foreach (JsonProperty member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "nullable" or "propertyOrdering" or "property_ordering" or "example":
                    break;
                case "type" when member.Value.ValueKind == JsonValueKind.String:
                    WriteType(writer, (member.Value.GetString() ?? "").ToLowerInvariant(), isNullable);
                    break;
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    WriteProperties(writer, member.Value);
                    break;
                case "anyOf" when member.Value.ValueKind == JsonValueKind.Array:
                    writer.WriteStartArray("anyOf"u8);
                    foreach (JsonElement one in member.Value.EnumerateArray())
                    {
                        Write(writer, one);
                    }

                    writer.WriteEndArray();
                    break;
                case "items" or "additionalProperties":
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                    break;
                case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties":
                    writer.WritePropertyName(member.Name);
                    WriteWhole(writer, member.Value);
                    break;
                default:
                    member.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter writer, string type, bool isNullable)
    {
        if (!isNullable)
        {
            writer.WriteString("type"u8, type);
            return;
        }

        writer.WriteStartArray("type"u8);
        writer.WriteStringValue(type);
        writer.WriteStringValue("null"u8);
        writer.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter writer, JsonElement properties)
    {
        writer.WriteStartObject("properties"u8);
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            Write(writer, property.Value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Google writes 64-bit numbers as strings.</summary>
    private static void WriteWhole(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
