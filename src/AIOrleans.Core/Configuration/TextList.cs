using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>An array of strings that is left out when there is none; an empty one is written.</summary>
internal static class TextList
{
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string>? items)
    {
        if (items is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
