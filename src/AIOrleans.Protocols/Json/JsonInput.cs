using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace AIOrleans.Protocols.Json;

/// <summary>Opens foreign JSON so that nothing read from it afterwards can throw.</summary>
internal static class JsonInput
{
    /// <summary>Nesting of a body. The deepest genuine bodies are JSON schemas of tools, around 20.</summary>
    public const int DepthMax = 64;

    /// <summary>Duplicates are refused: readers differ in which one they take, so a second one could smuggle something past the gateway.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>Bodies are JSON, never part of a page: quotes and letters stay readable.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions WithDuplicates = new() { MaxDepth = DepthMax };

    /// <summary>Parses a whole value; null when it is not JSON, not Unicode, nested too deep, or holds a member twice. Never throws.</summary>
    /// <remarks>The document refers to <paramref name="body"/>; whoever gets it disposes it.</remarks>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span) || HasLoneSurrogate(body.Span))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where a body that <see cref="TryParse"/> refused names something twice, e.g. <c>messages[0].role</c>; null when that is not why.</summary>
    public static string? FindDuplicate(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span) || HasLoneSurrogate(body.Span))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, WithDuplicates);
            return FindDuplicate(document.RootElement, "");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where <paramref name="element"/> stands in the <paramref name="body"/> that its document was parsed from.</summary>
    public static BodySpan PlaceOf(JsonElement element, ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(element);
        return body.Span.Overlaps(raw, out int start)
            ? new BodySpan(start, raw.Length)
            : throw new ArgumentException("The element is not of this body.", nameof(body));
    }

    /// <summary>True when an escape such as <c>\ud800</c> stands alone: such a string is no Unicode text and cannot be decoded.</summary>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        int slash;
        while ((slash = text.IndexOf((byte)'\\')) >= 0 && slash + 1 < text.Length)
        {
            int unit = UnitAt(text, slash);
            if (unit is < 0xD800 or > 0xDFFF)
            {
                text = text[(slash + 2)..];
                continue;
            }

            if (unit >= 0xDC00 || UnitAt(text, slash + 6) is not (>= 0xDC00 and <= 0xDFFF))
            {
                return true;
            }

            text = text[(slash + 12)..];
        }

        return false;
    }

    /// <summary>The code unit of the escape at <paramref name="at"/>; 0 when there is none.</summary>
    private static int UnitAt(ReadOnlySpan<byte> text, int at) =>
        at + 6 <= text.Length && text[at] == (byte)'\\' && text[at + 1] == (byte)'u'
            && int.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int unit) ? unit : 0;

    private static string? FindDuplicate(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> names = new(StringComparer.Ordinal);
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string own = path.Length == 0 ? JsonKinds.Shown(member.Name) : $"{path}.{JsonKinds.Shown(member.Name)}";
                    if (!names.Add(member.Name))
                    {
                        return own;
                    }

                    if (FindDuplicate(member.Value, own) is { } inner)
                    {
                        return inner;
                    }
                }

                return null;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (FindDuplicate(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]")) is { } inner)
                    {
                        return inner;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    /// <summary>Writes one JSON value into a new array.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> output = new(1024);
        using (Utf8JsonWriter writer = new(output, WriterOptions))
        {
            write(writer);
        }

        return output.WrittenSpan.ToArray();
    }
}
