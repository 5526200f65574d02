using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes cache points: blocks of their own, behind what is to be cached. A model without a cache refuses the whole request for one.</summary>
internal static class BedrockCachePoints
{
    /// <summary>True for models that have a cache.</summary>
    public static bool AreTakenBy(BedrockFamily family) => family is BedrockFamily.Claude or BedrockFamily.Nova or BedrockFamily.Nova2;

    public static void Write(Utf8JsonWriter writer, CacheMark mark, BedrockFamily family)
    {
        if (mark == CacheMark.None)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint"u8);
        writer.WriteString("type"u8, "default"u8);
        if (mark == CacheMark.OneHour && family == BedrockFamily.Claude)
        {
            writer.WriteString("ttl"u8, "1h"u8);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
