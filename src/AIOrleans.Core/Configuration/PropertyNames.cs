using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AIOrleans.Core.Configuration;

/// <summary>Names of JSON properties. The same few come a million times: each is made into a string once.</summary>
/// <remarks>Thread-safe: a place is overwritten whole, and what was lost is made anew.</remarks>
internal static class PropertyNames
{
    private const int Places = 256;

    /// <summary>Longer names are none of ours.</summary>
    private const int BytesMax = 32;

    private static readonly string?[] Seen = new string?[Places];

    /// <summary>Null when it is broken Unicode.</summary>
    public static string? Of(JsonProperty property)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
        if (raw.Length is 0 or > BytesMax)
        {
            return TextOf(property);
        }

        ref string? place = ref Seen[((raw[0] * 31) + (raw[^1] * 7) + (raw[raw.Length / 2] * 3) + raw.Length) % Places];
        if (place is { } seen && Ascii.Equals(raw, seen))
        {
            return seen;
        }

        // Of the same length only where nothing is escaped and all is ASCII.
        string? name = TextOf(property);
        if (name?.Length == raw.Length)
        {
            place = name;
        }

        return name;
    }

    private static string? TextOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
