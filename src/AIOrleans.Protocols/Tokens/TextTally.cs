using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Tokens;

/// <summary>Adds up texts as they pass: their UTF-8 bytes, and the tokens that they are estimated at.</summary>
/// <remarks>Texts that follow each other count as one: a stream cuts words anywhere. Keeps nothing of them, allocates nothing, never throws. Not thread-safe.</remarks>
/// <param name="bytesOnly">True where the provider has told the tokens: estimating them costs more than reading the answer.</param>
internal struct TextTally(TokenFamily family, bool bytesOnly = false)
{
    /// <summary>Bytes put on the stack at once.</summary>
    private const int PieceBytes = 512;

    private TokenScan scan = new(family);

    public long Bytes { get; private set; }

    /// <summary>0 when only bytes are counted.</summary>
    public readonly long Tokens => scan.Tokens;

    /// <summary>Adds the string under the reader, unescaped.</summary>
    /// <returns>Its bytes.</returns>
    public long Add(ref Utf8JsonReader reader)
    {
        long bytes = JsonKinds.TextBytesOf(ref reader);
        Bytes += bytes;
        if (bytesOnly)
        {
            return bytes;
        }

        if (reader.ValueIsEscaped)
        {
            AddEscaped(reader.ValueSpan);
        }
        else
        {
            scan.Append(reader.ValueSpan);
        }

        return bytes;
    }

    /// <summary>Adds a string; anything else is no text.</summary>
    /// <returns>Its bytes.</returns>
    public long Add(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            return 0;
        }

        Utf8JsonReader reader = new(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        return Add(ref reader);
    }

    /// <summary>Adds UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        Bytes += utf8.Length;
        if (!bytesOnly)
        {
            scan.Append(utf8);
        }
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            Utf8.FromUtf16(rest, piece, out int read, out int written);
            Add(piece[..written]);
            rest = rest[read..];
        }
    }

    /// <summary>Half a surrogate pair, which a server may put into one event and the other half into the next, counts as a character of its own.</summary>
    private void AddEscaped(ReadOnlySpan<byte> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int slash;
        while ((slash = text.IndexOf((byte)'\\')) >= 0)
        {
            scan.Append(text[..slash]);
            bool isUnicode = text[slash + 1] == (byte)'u';
            int length = isUnicode ? 6 : 2;
            if (isUnicode)
            {
                Rune rune = RuneAt(text[slash..], out length);
                scan.Append(utf8[..rune.EncodeToUtf8(utf8)]);
            }
            else
            {
                utf8[0] = text[slash + 1] switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', byte itself => itself };
                scan.Append(utf8[..1]);
            }

            text = text[(slash + length)..];
        }

        scan.Append(text);
    }

    private static Rune RuneAt(ReadOnlySpan<byte> escapes, out int length)
    {
        char unit = UnitOf(escapes);
        length = 6;
        if (char.IsHighSurrogate(unit) && escapes.Length >= 12 && escapes[6] == '\\' && escapes[7] == 'u' && Rune.TryCreate(unit, UnitOf(escapes[6..]), out Rune pair))
        {
            length = 12;
            return pair;
        }

        return Rune.TryCreate(unit, out Rune one) ? one : Rune.ReplacementChar;
    }

    private static char UnitOf(ReadOnlySpan<byte> escape) =>
        ushort.TryParse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit) ? (char)unit : '\0';
}
