using System.Text;
using System.Text.Json;

namespace AIOrleans.Protocols.Json;

/// <summary>One JSON value as its sender wrote it: what nobody has to understand is passed on, not taken apart.</summary>
/// <param name="Utf8">A slice of the body that it came in, or a value of our own; always well-formed JSON.</param>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson EmptyObject { get; } = new("{}"u8.ToArray());

    /// <summary>Two are equal when their bytes are.</summary>
    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Writes the value byte for byte. Not for events of a stream: it may hold line ends.</summary>
    internal void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Utf8.Span, skipInputValidation: true);

    /// <summary>Writes the value without white space, so that it fits on one line.</summary>
    internal void WriteCompact(Utf8JsonWriter writer)
    {
        if (Utf8.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            WriteTo(writer);
            return;
        }

        using JsonDocument document = JsonDocument.Parse(Utf8, JsonInput.Options);
        document.RootElement.WriteTo(writer);
    }

    /// <summary>The value as text on one line: models are given it to read, and white space is tokens.</summary>
    internal string ToCompact() => Utf8.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0 ? ToString() : Encoding.UTF8.GetString(JsonInput.Write(WriteCompact));

    /// <summary>The value of <paramref name="element"/> as a slice of the <paramref name="body"/> that its document was parsed from.</summary>
    internal static RawJson Of(JsonElement element, ReadOnlyMemory<byte> body)
    {
        BodySpan at = JsonInput.PlaceOf(element, body);
        return new RawJson(body.Slice(at.Start, at.Length));
    }
}
