using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Json;

/// <summary>Small readings of single JSON values, and the words for their kinds in error messages.</summary>
internal static class JsonKinds
{
    /// <summary>Characters shown of a foreign name: enough to find it.</summary>
    private const int ShownLengthMax = 64;

    /// <summary>Bytes of names that cannot differ from a known name by case alone.</summary>
    public static SearchValues<byte> PlainNameBytes { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-."u8);

    /// <summary>The kind of the current value, with its article.</summary>
    public static string NameOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => reader.TryGetInt64(out _) ? "an integer" : "a decimal number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    /// <summary>The kind of a value, with its article.</summary>
    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "an integer" : "a decimal number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    /// <summary>The place of the current string, number or literal.</summary>
    public static BodySpan SpanOf(ref Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));

    /// <summary>Reads an integer of 1..<paramref name="max"/>, or null.</summary>
    public static RequestMistake? ReadCount(ref Utf8JsonReader reader, string param, long max, out long? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
        {
            return RequestMistake.WrongType(param, "an integer", NameOf(ref reader));
        }

        value = number;
        return number < 1 ? RequestMistake.BelowMin(param, 1, number)
            : number > max ? RequestMistake.AboveMax(param, max, number)
            : null;
    }

    /// <summary>A foreign member's name as a message or a header may show it: short, and printable ASCII.</summary>
    public static string Shown(string name)
    {
        string cut = name.Length > ShownLengthMax ? name[..ShownLengthMax] + "…" : name;
        return string.Create(cut.Length, cut, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i] is > ' ' and < '\x7F' ? from[i] : '?';
            }
        });
    }

    /// <summary>UTF-8 bytes of the current string once unescaped, without decoding it.</summary>
    public static long TextBytesOf(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        long bytes = text.Length;
        if (!reader.ValueIsEscaped)
        {
            return bytes;
        }

        int slash;
        while ((slash = text.IndexOf((byte)'\\')) >= 0)
        {
            bool isUnicode = text[slash + 1] == (byte)'u';
            bytes -= isUnicode ? 6 - Utf8BytesOf(text.Slice(slash + 2, 4)) : 1;
            text = text[(slash + (isUnicode ? 6 : 2))..];
        }

        return bytes;
    }

    /// <summary>Each half of a surrogate pair counts two of the four bytes.</summary>
    private static int Utf8BytesOf(ReadOnlySpan<byte> hexDigits)
    {
        int unit = 0;
        foreach (byte digit in hexDigits)
        {
            unit = (unit << 4) | ((digit & 0xF) + (digit > '9' ? 9 : 0));
        }

        return unit switch
        {
            < 0x80 => 1,
            < 0x800 or (>= 0xD800 and <= 0xDFFF) => 2,
            _ => 3,
        };
    }
}
