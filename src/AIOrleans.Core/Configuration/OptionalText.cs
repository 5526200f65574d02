using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Text that is left out when there is none.</summary>
internal static class OptionalText
{
    public static void Write(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
