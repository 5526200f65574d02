using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Reads and writes <c>cache_control</c>, which is Anthropic's, and which OpenAI-compatible servers have taken over.</summary>
internal static class CacheMarks
{
    public static CacheMark Read(JsonElement value, string parent, RequestReading reading)
    {
        if (!reading.IsObject(value, parent, "cache_control"))
        {
            return CacheMark.None;
        }

        bool isHour = value.TryGetProperty("ttl"u8, out JsonElement ttl) && ttl.ValueKind == JsonValueKind.String && ttl.ValueEquals("1h"u8);
        return isHour ? CacheMark.OneHour : CacheMark.FiveMinutes;
    }

    public static void Write(Utf8JsonWriter writer, CacheMark mark)
    {
        if (mark == CacheMark.None)
        {
            return;
        }

        writer.WriteStartObject("cache_control"u8);
        writer.WriteString("type"u8, "ephemeral"u8);
        if (mark == CacheMark.OneHour)
        {
            writer.WriteString("ttl"u8, "1h"u8);
        }

        writer.WriteEndObject();
    }
}
